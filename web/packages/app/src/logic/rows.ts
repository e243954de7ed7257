import { onActivated, onDeactivated, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { PagedRows, type Page, type PageLoader } from '@kangqu/widgets'
import { language } from '../i18n'

type RowOf<P extends Page<unknown>> = P['items'][number]

/**
 * A long list for the screen: a new list whenever its key or the language changes. Its first rows
 * are asked for at once; the table asks for the others as they come into sight.
 */
export function usePagedRows<P extends Page<unknown>>(
  key: () => string,
  load: PageLoader<RowOf<P>, P & Page<RowOf<P>>>,
  onHead: (position: number) => void,
) {
  type T = RowOf<P>
  type Q = P & Page<T>
  const revision = ref(0)
  const head = shallowRef<Q>()
  const error = shallowRef<unknown>()
  const moved = ref(false)
  const row = shallowRef<(index: number) => T | undefined>(() => undefined)
  let rows: PagedRows<T, Q> | undefined
  let away = false
  let due = false

  function restart() {
    if (away) {
      due = true
      return
    }
    rows?.dispose()
    head.value = undefined
    error.value = undefined
    moved.value = false
    const fresh: PagedRows<T, Q> = new PagedRows<T, Q>(load, () => {
      if (rows !== fresh) return
      if (head.value === undefined && fresh.head) onHead(fresh.head.position)
      head.value = fresh.head
      error.value = fresh.error
      moved.value = fresh.moved
      revision.value += 1
    })
    rows = fresh
    row.value = (index) => fresh.row(index)
    fresh.ensure(0, 1)
  }

  watch([key, language], restart, { immediate: true })
  onDeactivated(() => (away = true))
  onActivated(() => {
    away = false
    if (due) restart()
    due = false
  })
  onScopeDispose(() => rows?.dispose())
  return { revision, head, error, moved, row, restart, ensure: (first: number, last: number) => rows?.ensure(first, last) }
}
