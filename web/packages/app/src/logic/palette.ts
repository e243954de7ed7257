import type { ResidentRow } from '@kangqu/model'
import type { MenuEntry } from './menu'
import type { RecentPage } from './recent'

/** One line of the command palette; `address` is where it leads. */
export interface PaletteRow {
  kind: 'page' | 'recent' | 'resident'
  address: string
  title: string
  resident?: ResidentRow
}

const kMostRecent = 6

function contains(text: string, words: string): boolean {
  return text.toLowerCase().includes(words.toLowerCase())
}

/**
 * What the palette offers: pages and pages opened lately that the words are part of, then residents.
 * Without words, every page of the menu and what was opened lately.
 */
export function paletteRows(
  words: string,
  pages: readonly { entry: MenuEntry; title: string }[],
  recent: readonly RecentPage[],
  residents: readonly ResidentRow[],
): PaletteRow[] {
  const wanted = words.trim()
  const known = pages
    .filter((one) => contains(one.title, wanted) || contains(one.entry.id, wanted))
    .map((one): PaletteRow => ({ kind: 'page', address: one.entry.path, title: one.title }))
  const lately = recent
    .filter((one) => contains(one.title, wanted) && !known.some((page) => page.address === one.address.split('?')[0]))
    .slice(0, kMostRecent)
    .map((one): PaletteRow => ({ kind: 'recent', address: one.address, title: one.title }))
  const people = residents.map((one): PaletteRow => ({ kind: 'resident', address: `/residents/${one.id}`, title: one.name, resident: one }))
  return [...people, ...known, ...lately]
}
