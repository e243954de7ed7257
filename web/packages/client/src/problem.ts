import type { Problem } from '@kangqu/model'

/** Codes the client itself gives; all others come from the server's error table. */
export const kNetworkProblem = 'network'
export const kUnreadableProblem = 'unreadable'
export const kNoTextProblem = 'no-text'

const kTypePrefix = 'urn:kangqu:error:'

/**
 * A request that did not succeed. `code` is the last part of the problem's type, so that the screen
 * can react to a kind; `title` says what happened and what to do in the user's language and is empty
 * for the client's own codes.
 */
export class ProblemError extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string

  constructor(code: string, status: number, title = '', detail = '') {
    super(title || code)
    this.name = 'ProblemError'
    this.code = code
    this.status = status
    this.title = title
    this.detail = detail
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The first issue of an OperationOutcome, in which the FHIR paths tell their errors. */
function outcomeProblem(body: unknown, status: number): ProblemError | undefined {
  const issues = member(body, 'issue')
  const issue: unknown = Array.isArray(issues) ? issues[0] : undefined
  const title = text(member(member(issue, 'details'), 'text')) || text(member(issue, 'diagnostics'))
  if (!title) return undefined
  return new ProblemError(text(member(issue, 'code')), status, title, text(member(issue, 'diagnostics')))
}

/** Reads the body of an unsuccessful answer; never throws. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const { status } = response
  let body: unknown
  try {
    body = await response.json()
  } catch {
    return new ProblemError(kUnreadableProblem, status)
  }
  const problem = body as Partial<Problem> | null
  const title = text(problem?.title)
  if (!title) return outcomeProblem(body, status) ?? new ProblemError(kUnreadableProblem, status)
  const type = text(problem?.type)
  const code = type.startsWith(kTypePrefix) ? type.slice(kTypePrefix.length) : type
  return new ProblemError(code || kUnreadableProblem, status, title, text(problem?.detail))
}

/** True for the error of a request that its own caller cancelled. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
