/** The colours a drawing uses, read from the style sheet so that a theme is said in one place. */
export interface Palette {
  ink: string
  faint: string
  line: string
  surface: string
  shade: string
  series: readonly string[]
  level: string
  /** Height of small type in pixels; larger on a wall. */
  type: number
}

const kSmallType = 11
const kSeries = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6']

export function paletteOf(token: (name: string) => string): Palette {
  return {
    ink: token('ink-2'),
    faint: token('line-soft'),
    line: token('control-line'),
    surface: token('surface'),
    shade: token('hover'),
    series: kSeries.map(token),
    level: token('accent'),
    type: Math.max(kSmallType, parseInt(token('text-xs'), 10) - 1 || kSmallType),
  }
}

/** For a printer without colour: told apart by lightness, marks and dashes alone. */
export const kGrey: Palette = {
  ink: '#222222',
  faint: '#dddddd',
  line: '#888888',
  surface: '#ffffff',
  shade: '#f0f0f0',
  series: ['#111111', '#6b6b6b', '#a0a0a0', '#3d3d3d', '#858585', '#bdbdbd'],
  level: '#000000',
  type: kSmallType,
}

export function screenPalette(): Palette {
  const style = getComputedStyle(document.documentElement)
  return paletteOf((name) => style.getPropertyValue(`--kq-${name}`).trim())
}
