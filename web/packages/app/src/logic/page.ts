import { computed, inject, provide, shallowRef, watch, type InjectionKey, type ShallowRef } from 'vue'
import { useRoute, useRouter, type RouteLocationNormalizedLoaded } from 'vue-router'
import { useTabs } from '../stores/tabs'
import { changedQuery, contextOf, queryText } from './query'
import { tabKeyOf } from './tabs'

const kPageRoute: InjectionKey<ShallowRef<RouteLocationNormalizedLoaded>> = Symbol('page route')

/**
 * A page kept in its tab must not see the addresses of other pages, or it would load for them. The
 * frame provides each page with the last route that was its own.
 */
export function providePageRoute(key: string): void {
  const current = useRoute()
  const own = shallowRef<RouteLocationNormalizedLoaded>({ ...current })
  watch(
    () => current.fullPath,
    () => {
      if (tabKeyOf(current) === key) own.value = { ...current }
    },
    { flush: 'sync' },
  )
  provide(kPageRoute, own)
}

/** The page's own place: its address, its unit and period, and ways to change or leave them. */
export function usePage() {
  const router = useRouter()
  const tabs = useTabs()
  const route = inject(kPageRoute, undefined) ?? shallowRef({ ...useRoute() })
  const key = tabKeyOf(route.value)
  const value = (name: string) => computed(() => queryText(route.value.query, name))

  return {
    route,
    id: computed(() => String(route.value.params['id'] ?? '')),
    unit: value('unit'),
    period: value('period'),
    value,
    context: computed(() => contextOf(route.value.query)),
    setTitle: (title: string) => tabs.name(key, title),
    /** Changes filters without leaving a trail of steps in the browser's history. */
    change: (changes: Record<string, string>) =>
      router.replace({ path: route.value.path, query: changedQuery(route.value.query, changes) }),
    /** Opens another page under the same unit and period. */
    open: (path: string, query: Record<string, string> = {}) =>
      router.push({ path, query: { ...contextOf(route.value.query), ...query } }),
  }
}
