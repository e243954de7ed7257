/** A byte order mark lets the usual spreadsheet open the file as UTF-8. */
const kMark = '\uFEFF'

/**
 * A cell as text. A leading sign that a spreadsheet would take for a formula is defused with an
 * apostrophe; quotes, commas and line ends are quoted.
 */
export function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

export function csvText(rows: readonly (readonly string[])[]): string {
  return kMark + rows.map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n'
}

/** Rows for the clipboard: a spreadsheet pastes them as cells. */
export function tabText(rows: readonly (readonly string[])[]): string {
  return rows
    .map((row) => row.map((cell) => csvCell(cell.replace(/[\t\r\n]+/g, ' '))).join('\t'))
    .join('\n')
}

export interface Answer<T> {
  items: T[]
  total: number
}

/**
 * Every row of a list, page after page. It stops at an empty page, so that a list that shrinks
 * meanwhile ends, and never asks beyond `most` rows.
 */
export async function fetchAll<T>(
  load: (offset: number, limit: number) => Promise<Answer<T>>,
  onProgress: (done: number, total: number) => void,
  most: number,
  pageSize = 500,
): Promise<T[]> {
  const rows: T[] = []
  while (rows.length < most) {
    const answer = await load(rows.length, Math.min(pageSize, most - rows.length))
    rows.push(...answer.items)
    onProgress(rows.length, Math.min(answer.total, most))
    if (answer.items.length === 0 || rows.length >= answer.total) break
  }
  return rows
}
