import type { Column } from '@kangqu/widgets'
import { computed, ref, watch, type Ref } from 'vue'
import { keep } from './preferences'

/** The first column names the row and is never hidden. */
export function shownColumns(columns: readonly Column[], hidden: readonly string[]): Column[] {
  return columns.filter((one, n) => n === 0 || !hidden.includes(one.key))
}

export function toggled(hidden: readonly string[], key: string): string[] {
  return hidden.includes(key) ? hidden.filter((one) => one !== key) : [...hidden, key]
}

function keptHidden(name: string): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? '[]')
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
  } catch {
    return []
  }
}

/** Which columns of a list a person wants to see, remembered in this browser under the list's name. */
export function useColumns(list: string, columns: Ref<readonly Column[]>) {
  const name = `kangqu.columns.${list}`
  const hidden = ref(keptHidden(name))
  watch(hidden, (value) => keep(name, JSON.stringify(value)))
  return {
    shown: computed(() => shownColumns(columns.value, hidden.value)),
    choices: computed(() => columns.value.slice(1).map((one) => ({ id: one.key, text: one.label, chosen: !hidden.value.includes(one.key) }))),
    toggle: (key: string) => (hidden.value = toggled(hidden.value, key)),
  }
}
