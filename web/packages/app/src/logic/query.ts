import type { LocationQuery, LocationQueryRaw } from 'vue-router'

/** One value of the address; repeated ones count once, absent ones as empty. */
export function queryText(query: LocationQuery, name: string): string {
  const value = query[name]
  const one = Array.isArray(value) ? value[0] : value
  return one ?? ''
}

/** The query with some values changed; empty ones leave the address. */
export function changedQuery(query: LocationQuery, changes: Record<string, string>): LocationQueryRaw {
  const all = Object.entries({ ...query, ...changes })
  return Object.fromEntries(all.filter(([, value]) => value !== ''))
}

/** What every page shares: the unit with those below it, and the period. */
export function contextOf(query: LocationQuery): { unit?: string; period?: string } {
  const unit = queryText(query, 'unit')
  const period = queryText(query, 'period')
  return { ...(unit ? { unit } : {}), ...(period ? { period } : {}) }
}
