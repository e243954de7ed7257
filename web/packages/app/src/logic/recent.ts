import { keep } from './preferences'

export interface RecentPage {
  address: string
  title: string
}

const kMost = 12
const kKey = 'kangqu.recent'

/** The list with a page put first; a page stands in it once. */
export function withRecent(list: readonly RecentPage[], page: RecentPage): RecentPage[] {
  const path = pathOf(page.address)
  return [page, ...list.filter((one) => pathOf(one.address) !== path)].slice(0, kMost)
}

function pathOf(address: string): string {
  return address.split('?')[0] ?? address
}

function isPage(value: unknown): value is RecentPage {
  const one = value as Partial<RecentPage> | null
  return typeof one?.address === 'string' && one.address.startsWith('/') && typeof one.title === 'string'
}

/**
 * Pages a user opened lately, for this browser session and this user only: titles may be names of
 * residents, which must not stay on a shared desktop after it is closed.
 */
export function recentPages(user: string): RecentPage[] {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(`${kKey}.${user}`) ?? '[]')
    return Array.isArray(value) ? value.filter(isPage).slice(0, kMost) : []
  } catch {
    return []
  }
}

export function rememberPage(user: string, page: RecentPage): void {
  keep(`${kKey}.${user}`, JSON.stringify(withRecent(recentPages(user), page)), 'closed')
}
