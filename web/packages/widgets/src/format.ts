/** What is shown where there is no value; never a zero. */
export const kNoValue = '—'

const kMaxDecimals = 4

/** Thousands separators; keeps the decimals the number has, at most four. */
export function numberText(value: number | null | undefined, decimals?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return kNoValue
  return value.toLocaleString('en-US', {
    minimumFractionDigits: decimals ?? 0,
    maximumFractionDigits: decimals ?? kMaxDecimals,
  })
}

/** Value and unit: a percent-like sign follows at once, a word after a thin space. */
export function withUnit(value: string, unit: string): string {
  if (value === kNoValue || unit === '') return value
  return /^[%‰]/.test(unit) ? value + unit : `${value}\u2009${unit}`
}

/** Rates are shown with one decimal, counts without. */
export function rateText(value: number | null | undefined, unit: string): string {
  const fixed = /^[%‰]/.test(unit) ? 1 : undefined
  return withUnit(numberText(value, fixed), unit)
}

/** The day of an instant or date, in the zone it was written in. */
export function dayText(value: string | null | undefined): string {
  if (!value) return kNoValue
  return value.slice(0, 10)
}

const kEast8Minutes = 8 * 60

/** An instant as `2026-11-22 14:40` at +08:00, whatever the desktop's own zone. */
export function instantText(value: string | null | undefined): string {
  if (!value) return kNoValue
  const time = Date.parse(value)
  if (Number.isNaN(time)) return value
  return new Date(time + kEast8Minutes * 60_000).toISOString().slice(0, 16).replace('T', ' ')
}

/** Share of a whole as 0..1; a whole of nothing has no share. */
export function shareOf(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0
}
