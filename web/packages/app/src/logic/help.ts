/** Which help a page has: the name of its text under `help.pages`, by the path of its route. */
const kHelpOf: Record<string, string> = {
  '/home': 'home',
  '/plans': 'plans',
  '/plans/read': 'readPlan',
  '/plans/:id': 'plan',
  '/measures/:id': 'measure',
  '/measures/:id/residents': 'list',
  '/residents': 'residents',
  '/residents/:id': 'resident',
  '/design': 'design',
}

export function helpOf(routePath: string | undefined): string {
  return kHelpOf[routePath ?? ''] ?? 'any'
}

/** What the first visit is shown, in order: a part of the frame and the words beside it. */
export const kTourStops = ['menu', 'unit', 'search', 'user'] as const
export type TourStop = (typeof kTourStops)[number]
