import { createI18n } from 'vue-i18n'
import type { Language } from '@kangqu/client'
import { en } from './en'
import { zh } from './zh'

const kStored = 'kangqu.language'

function stored(): Language {
  try {
    return localStorage.getItem(kStored) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh'
  }
}

export const i18n = createI18n({ legacy: false, locale: stored(), fallbackLocale: 'zh', messages: { zh, en } })

export function language(): Language {
  return i18n.global.locale.value
}

/** Changes every text on the screen at once; the server's texts are asked for again by the pages. */
export function setLanguage(next: Language): void {
  i18n.global.locale.value = next
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  try {
    localStorage.setItem(kStored, next)
  } catch {
    // A browser that keeps nothing still switches for this visit.
  }
}
