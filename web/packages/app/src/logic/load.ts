import { onActivated, onDeactivated, onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { isAbort } from '@kangqu/client'
import { language } from '../i18n'

export interface Loaded<T> {
  data: ShallowRef<T | undefined>
  error: ShallowRef<unknown>
  loading: Ref<boolean>
  reload: () => void
}

/**
 * Loads again whenever `key` or the language changes. A newer load cancels the older one; what was
 * shown stays until its successor arrives. While the page is put away in its tab nothing is asked;
 * what changed meanwhile is asked for on return. A key of undefined means there is nothing to load.
 */
export function useLoad<T>(
  key: () => string | undefined,
  load: (signal: AbortSignal) => Promise<T>,
): Loaded<T> {
  const data = shallowRef<T>()
  const error = shallowRef<unknown>()
  const loading = ref(false)
  let control: AbortController | undefined
  let away = false
  let due = false

  async function run() {
    control?.abort()
    if (key() === undefined) return
    const mine = new AbortController()
    control = mine
    loading.value = true
    error.value = undefined
    try {
      const answer = await load(mine.signal)
      if (!mine.signal.aborted) data.value = answer
    } catch (reason) {
      if (mine.signal.aborted || isAbort(reason)) return
      data.value = undefined
      error.value = reason
    } finally {
      if (control === mine) loading.value = false
    }
  }

  function request() {
    if (away) due = true
    else void run()
  }

  watch([key, language], request, { immediate: true })
  onDeactivated(() => (away = true))
  onActivated(() => {
    away = false
    if (due) void run()
    due = false
  })
  onScopeDispose(() => control?.abort())
  return { data, error, loading, reload: request }
}
