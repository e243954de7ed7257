import type { RouteLocationNormalizedLoaded } from 'vue-router'

export interface Tab {
  /** The path without its query: one page, one tab. */
  key: string
  /** Where the tab stood when it was last left. */
  address: string
  titleKey: string
  title: string
}

/** More open pages than this are not overseen; the one left alone longest is closed. */
export const kMaxTabs = 12

export function tabKeyOf(route: Pick<RouteLocationNormalizedLoaded, 'path'>): string {
  return route.path.replace(/\/+$/, '') || '/'
}

/** The tabs after visiting a page; `used` lists keys from least to most recently visited. */
export function visited(
  tabs: readonly Tab[],
  used: readonly string[],
  key: string,
  address: string,
  titleKey: string,
): { tabs: Tab[]; used: string[] } {
  const order = [...used.filter((one) => one !== key), key]
  const known = tabs.some((one) => one.key === key)
  let next = known
    ? tabs.map((one) => (one.key === key ? { ...one, address, titleKey } : one))
    : [...tabs, { key, address, titleKey, title: '' }]
  while (next.length > kMaxTabs) {
    const oldest = order.shift()
    next = next.filter((one) => one.key !== oldest)
  }
  return { tabs: next, used: order }
}

/** Where to go when a tab closes: its right neighbour, else its left one, else nowhere. */
export function neighbour(tabs: readonly Tab[], key: string): Tab | undefined {
  const index = tabs.findIndex((one) => one.key === key)
  return index < 0 ? undefined : (tabs[index + 1] ?? tabs[index - 1])
}
