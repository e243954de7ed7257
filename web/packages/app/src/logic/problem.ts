import { ProblemError, kNetworkProblem, kNoTextProblem, kUnreadableProblem } from '@kangqu/client'

type Translate = (key: string, named?: Record<string, unknown>) => string

/** What to show of a failure: the server's own words where it gave some. */
export function problemText(error: unknown, t: Translate): { title: string; detail: string } {
  if (error instanceof ProblemError) {
    if (error.title) return { title: error.title, detail: error.detail }
    if (error.code === kNetworkProblem) return { title: t('problem.network'), detail: '' }
    if (error.code === kNoTextProblem) return { title: t('problem.noText'), detail: '' }
    if (error.code === kUnreadableProblem) {
      return { title: t('problem.unreadable', { status: error.status }), detail: '' }
    }
  }
  return { title: t('problem.unexpected'), detail: error instanceof Error ? error.message : '' }
}
