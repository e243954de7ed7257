const kHome = '/home'

/** Where to go after signing in: only a place of this application, never another site. */
export function localPath(next: unknown): string {
  if (typeof next !== 'string' || !/^\/(?![/\\])/.test(next)) return kHome
  return next.startsWith('/sign-in') ? kHome : next
}
