import { ref, shallowRef, watch, onScopeDispose, type Ref } from 'vue'
import { isAbort } from '@kangqu/client'

/** Waits for a pause in typing before asking, and keeps only the answer to the last question. */
export function useSearching<T>(
  text: Ref<string>,
  ask: (text: string, signal: AbortSignal) => Promise<T>,
  pauseMs = 200,
) {
  const found = shallowRef<T>()
  const error = shallowRef<unknown>()
  const busy = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let control: AbortController | undefined

  async function run(words: string) {
    const mine = new AbortController()
    control = mine
    try {
      const answer = await ask(words, mine.signal)
      if (!mine.signal.aborted) found.value = answer
    } catch (reason) {
      if (!mine.signal.aborted && !isAbort(reason)) error.value = reason
    } finally {
      if (control === mine) busy.value = false
    }
  }

  watch(text, (value) => {
    clearTimeout(timer)
    control?.abort()
    const words = value.trim()
    error.value = undefined
    found.value = undefined
    busy.value = words !== ''
    if (words !== '') timer = setTimeout(() => void run(words), pauseMs)
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    control?.abort()
  })
  return { found, error, busy }
}

/** The row after moving by one in a list of `count`, going round at the ends. */
export function steppedRow(at: number, step: number, count: number): number {
  return count === 0 ? -1 : (at + step + count) % count
}
