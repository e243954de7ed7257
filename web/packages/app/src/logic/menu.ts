import type { IconName } from '@kangqu/widgets'

export interface MenuEntry {
  id: string
  path: string
  /** Key of its name; a page with words of its own on what it is for has help under the same key. */
  text: string
  icon: IconName
}

/** Every page that a menu can name; a role's menu is a choice of these in its own order. */
export const kEntries: readonly MenuEntry[] = [
  { id: 'home', path: '/home', text: 'menu.home', icon: 'home' },
  { id: 'plans', path: '/plans', text: 'menu.plans', icon: 'plan' },
  { id: 'read-plan', path: '/plans/read', text: 'menu.readPlan', icon: 'read' },
  { id: 'residents', path: '/residents', text: 'menu.residents', icon: 'people' },
]

/** The entries a role's menu names; names this version does not know are left out. */
export function menuOf(names: readonly string[]): MenuEntry[] {
  return names.flatMap((name) => kEntries.find((one) => one.id === name) ?? [])
}
