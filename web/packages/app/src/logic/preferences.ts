import { ref, watch } from 'vue'

/** What a person chooses once for a browser: colours and how close the lines stand. */
export const kThemes = ['auto', 'light', 'dark', 'screen'] as const
export type ThemeChoice = (typeof kThemes)[number]
export const kDensities = ['compact', 'regular', 'roomy'] as const
export type Density = (typeof kDensities)[number]
/** What is drawn: `auto` becomes what the desktop asks for. */
export type Theme = Exclude<ThemeChoice, 'auto'>

const kThemeKey = 'kangqu.theme'
const kDensityKey = 'kangqu.density'

/** The value kept under a key when it is one of those allowed; else the fallback. */
export function kept<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
  try {
    const value = localStorage.getItem(key)
    return allowed.find((one) => one === value) ?? fallback
  } catch {
    return fallback
  }
}

/** A browser that keeps nothing still follows a choice for this visit. */
export function keep(key: string, value: string, until: 'always' | 'closed' = 'always'): void {
  try {
    const where = until === 'closed' ? sessionStorage : localStorage
    where.setItem(key, value)
  } catch {
    return
  }
}

export const themeChoice = ref<ThemeChoice>(kept(kThemeKey, kThemes, 'auto'))
export const density = ref<Density>(kept(kDensityKey, kDensities, 'regular'))
/** The theme on the screen; drawings that cannot use style sheets watch it. */
export const theme = ref<Theme>('light')

export function drawnTheme(choice: ThemeChoice, desktopIsDark: boolean): Theme {
  if (choice !== 'auto') return choice
  return desktopIsDark ? 'dark' : 'light'
}

/** Applies the choices now and whenever they or the desktop's wish change. Called once, at the start. */
export function followPreferences(): void {
  const desktop = window.matchMedia('(prefers-color-scheme: dark)')
  const apply = () => {
    theme.value = drawnTheme(themeChoice.value, desktop.matches)
    document.documentElement.dataset['theme'] = theme.value
    document.documentElement.dataset['density'] = density.value
  }
  desktop.addEventListener('change', apply)
  watch(
    [themeChoice, density],
    () => {
      keep(kThemeKey, themeChoice.value)
      keep(kDensityKey, density.value)
      apply()
    },
    { flush: 'sync' },
  )
  apply()
}

/** Height of a list's row in pixels; twelve more rows fit a compact page than a roomy one. */
export function rowHeightOf(chosen: Density): number {
  return { compact: 30, regular: 36, roomy: 44 }[chosen]
}
