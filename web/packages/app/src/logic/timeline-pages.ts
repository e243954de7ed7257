import { computed, onActivated, onDeactivated, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { Timeline, TimelineItem } from '@kangqu/model'
import { isAbort } from '@kangqu/client'
import { language } from '../i18n'
import { client } from '../services'

const kPageSize = 100
const kMeasuredLimit = 500
/** The measured values of a resident; they do not follow the kind filter. */
function useMeasured(id: () => string) {
  const measured = shallowRef<TimelineItem[]>([])
  let control: AbortController | undefined

  async function load() {
    control?.abort()
    const mine = new AbortController()
    control = mine
    try {
      const query = { kind: 'observation', offset: 0, limit: kMeasuredLimit }
      const answer = await client.timeline(id(), query, mine.signal)
      if (!mine.signal.aborted) measured.value = answer.items
    } catch {
      // The trend is left out; the timeline beside it tells what is wrong.
      if (!mine.signal.aborted) measured.value = []
    }
  }

  watch([id, language], () => void load(), { immediate: true })
  onScopeDispose(() => control?.abort())
  return measured
}

/**
 * A resident's timeline, page after page as it is scrolled, and apart from it the measured values.
 * The counts of the kinds come from the first unfiltered page
 * or, with a filter, from the answer itself: the server counts all kinds in both.
 */
export function useTimeline(id: () => string, kind: () => string) {
  const head = shallowRef<Timeline>()
  const items = shallowRef<TimelineItem[]>([])
  const measured = useMeasured(id)
  const error = shallowRef<unknown>()
  const loading = ref(false)
  let control: AbortController | undefined
  let away = false
  let due = false

  async function load(offset: number) {
    const mine = new AbortController()
    control = mine
    loading.value = true
    error.value = undefined
    const query = { kind: kind(), offset, limit: kPageSize }
    try {
      const answer = await client.timeline(id(), query, mine.signal)
      if (mine.signal.aborted) return
      head.value = answer
      items.value = offset === 0 ? answer.items : [...items.value, ...answer.items]
    } catch (reason) {
      if (!mine.signal.aborted && !isAbort(reason)) error.value = reason
    } finally {
      if (control === mine) loading.value = false
    }
  }

  function restart() {
    if (away) {
      due = true
      return
    }
    control?.abort()
    void load(0)
  }

  const complete = computed(() => head.value !== undefined && items.value.length >= head.value.total)
  function more() {
    if (!loading.value && !complete.value && error.value === undefined) void load(items.value.length)
  }

  watch([id, kind, language], restart, { immediate: true })
  onDeactivated(() => (away = true))
  onActivated(() => {
    away = false
    if (due) restart()
    due = false
  })
  onScopeDispose(() => control?.abort())
  return { head, items, measured, error, loading, complete, more, restart }
}

export type TimelinePages = ReturnType<typeof useTimeline>
