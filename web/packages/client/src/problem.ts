import type { Problem } from '@kangqu/model'

/** Codes the client itself gives; all others come from the server's error table. */
export const kNetworkProblem = 'network'
export const kUnreadableProblem = 'unreadable'

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

function isProblem(value: unknown): value is Partial<Problem> {
  return typeof value === 'object' && value !== null
}

/** Reads the body of an unsuccessful answer; never throws. */
export async function problemOf(response: Response): Promise<ProblemError> {
  let body: unknown
  try {
    body = await response.json()
  } catch {
    return new ProblemError(kUnreadableProblem, response.status)
  }
  if (!isProblem(body) || typeof body.title !== 'string') {
    return new ProblemError(kUnreadableProblem, response.status)
  }
  const type = typeof body.type === 'string' ? body.type : ''
  const code = type.startsWith(kTypePrefix) ? type.slice(kTypePrefix.length) : type
  return new ProblemError(code || kUnreadableProblem, response.status, body.title, body.detail ?? '')
}

/** True for the error of a request that its own caller cancelled. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}
