import { defineStore } from 'pinia'
import { ref } from 'vue'
import { rememberPage } from '../logic/recent'
import { useSession } from './session'
import { neighbour, visited, type Tab } from '../logic/tabs'

export const useTabs = defineStore('tabs', () => {
  const tabs = ref<Tab[]>([])
  const used = ref<string[]>([])

  function visit(key: string, address: string, titleKey: string) {
    const next = visited(tabs.value, used.value, key, address, titleKey)
    tabs.value = next.tabs
    used.value = next.used
  }

  function name(key: string, title: string) {
    const tab = tabs.value.find((one) => one.key === key)
    if (!tab) return
    tab.title = title
    rememberPage(useSession().session?.user.name ?? '', { address: tab.address, title })
  }

  /** Closes a tab and answers the one to show next. */
  function close(key: string): Tab | undefined {
    const next = neighbour(tabs.value, key)
    tabs.value = tabs.value.filter((one) => one.key !== key)
    used.value = used.value.filter((one) => one !== key)
    return next
  }

  function closeOthers(key: string) {
    tabs.value = tabs.value.filter((one) => one.key === key)
    used.value = [key]
  }

  function clear() {
    tabs.value = []
    used.value = []
  }

  return { tabs, visit, name, close, closeOthers, clear }
})
