import type { Crumb } from '../parts/PageHead.vue'

type Translate = (key: string) => string

/** The way back to the plan a number was opened from, where it was opened from one. */
export function planCrumbs(
  plan: string,
  context: { unit?: string; period?: string },
  t: Translate,
): Crumb[] {
  const crumbs: Crumb[] = [{ text: t('menu.plans'), to: { path: '/plans', query: context } }]
  if (plan) {
    crumbs.push({
      text: t('plan.tasksAndTargets'),
      to: { path: `/plans/${encodeURIComponent(plan)}`, query: context },
    })
  }
  return crumbs
}
