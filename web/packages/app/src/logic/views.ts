import { keep } from './preferences'

/** A page as a person left it, under a name of their own. The address says everything: unit, period, filters. */
export interface SavedView {
  name: string
  address: string
}

const kMostViews = 50
const kLongestName = 60
const keyOf = (user: string) => `kangqu.views.${user}`

function isView(value: unknown): value is SavedView {
  const one = value as Partial<SavedView> | null
  return typeof one?.name === 'string' && one.name !== '' && typeof one.address === 'string' && /^\/(?![/\\])/.test(one.address)
}

export function savedViews(user: string): SavedView[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf(user)) ?? '[]')
    return Array.isArray(value) ? value.filter(isView).slice(0, kMostViews) : []
  } catch {
    return []
  }
}

/** The list with a view added; one of the same name is replaced, the oldest leave a full list. */
export function withView(list: readonly SavedView[], view: SavedView): SavedView[] {
  const name = view.name.trim().slice(0, kLongestName)
  if (name === '') return [...list]
  return [...list.filter((one) => one.name !== name), { name, address: view.address }].slice(-kMostViews)
}

export function keepViews(user: string, list: readonly SavedView[]): void {
  keep(keyOf(user), JSON.stringify(list))
}
