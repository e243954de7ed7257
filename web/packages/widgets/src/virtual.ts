/**
 * Browsers draw no element higher than about 33 million pixels; a list above this height is scrolled
 * in proportion instead of pixel by pixel.
 */
export const kMaxScrollHeight = 24_000_000

export interface VirtualWindow {
  /** First row to draw and one past the last. */
  first: number
  last: number
  /** Where the first drawn row stands inside the scrolled area. */
  top: number
}

export function scrollHeight(total: number, rowHeight: number): number {
  return Math.min(total * rowHeight, kMaxScrollHeight)
}

/** Which rows are in sight at a scroll position, with some rows more on each side. */
export function windowAt(
  scrollTop: number,
  viewHeight: number,
  total: number,
  rowHeight: number,
  overscan = 8,
): VirtualWindow {
  if (total <= 0 || rowHeight <= 0) return { first: 0, last: 0, top: 0 }
  const height = scrollHeight(total, rowHeight)
  const limit = Math.max(0, height - viewHeight)
  const at = Math.min(Math.max(0, scrollTop), limit)
  const whole = total * rowHeight
  const offset = whole > height && limit > 0 ? (at / limit) * (whole - viewHeight) : at
  const seen = Math.floor(offset / rowHeight)
  const first = Math.max(0, seen - overscan)
  const last = Math.min(total, seen + Math.ceil(viewHeight / rowHeight) + 1 + overscan)
  return { first, last, top: at - (offset - first * rowHeight) }
}

/** The scroll position that brings a row wholly into sight; unchanged when it is. */
export function scrollToRow(
  row: number,
  scrollTop: number,
  viewHeight: number,
  total: number,
  rowHeight: number,
): number {
  const height = scrollHeight(total, rowHeight)
  const whole = total * rowHeight
  const limit = Math.max(0, height - viewHeight)
  const scaled = whole > height && limit > 0
  const offset = scaled ? (scrollTop / limit) * (whole - viewHeight) : scrollTop
  const above = row * rowHeight
  let wanted = offset
  if (above < offset) wanted = above
  else if (above + rowHeight > offset + viewHeight) wanted = above + rowHeight - viewHeight
  return scaled ? (wanted / (whole - viewHeight)) * limit : wanted
}
