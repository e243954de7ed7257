import type { Operations } from '@kangqu/model'
import { ProblemError, isAbort, kNetworkProblem, kUnreadableProblem, problemOf } from './problem'

export type Language = 'zh' | 'en'
export type QueryValue = string | number | boolean | undefined

export interface ClientOptions {
  /** Prefix of every address; empty for the page's own origin. */
  base?: string
  language: () => Language
  /** Called once for every answer that says nobody is signed in. */
  onSignedOut?: () => void
  fetch?: typeof globalThis.fetch
}

export interface CallParts<K extends keyof Operations> {
  path?: Operations[K]['path']
  query?: Operations[K]['query']
  body?: Operations[K]['body']
  signal?: AbortSignal | undefined
}

export type Call = <K extends keyof Operations>(
  operation: K,
  parts?: CallParts<K>,
) => Promise<Operations[K]['answer']>

const kUnauthorized = 401
const kNoContent = 204

/** Fills `{name}` parts of a path and appends the query; empty and absent query values are left out. */
export function addressOf(
  template: string,
  path: Readonly<Record<string, string>>,
  query: Readonly<Record<string, QueryValue>>,
): string {
  const filled = template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = path[name]
    return value === undefined ? whole : encodeURIComponent(value)
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `${filled}?${text}` : filled
}

function headersOf(method: string, language: Language, body: unknown): Record<string, string> {
  const headers: Record<string, string> = {
    'Accept-Language': language,
    Accept: 'application/json, application/fhir+json, application/problem+json',
  }
  if (method !== 'GET') headers['X-Kangqu'] = '1'
  if (typeof body === 'string') headers['Content-Type'] = 'text/plain; charset=utf-8'
  else if (body !== undefined) headers['Content-Type'] = 'application/json'
  return headers
}

function initOf(method: string, language: Language, parts: CallParts<never>): RequestInit {
  const body: unknown = parts.body
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    headers: headersOf(method, language, body),
  }
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body)
  if (parts.signal) init.signal = parts.signal
  return init
}

async function send(fetch: typeof globalThis.fetch, url: string, init: RequestInit) {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (isAbort(error)) throw error
    throw new ProblemError(kNetworkProblem, 0)
  }
}

/**
 * One function for every operation of the contract. It answers the parsed body or throws
 * ProblemError; a cancelled call throws the browser's AbortError. Nothing is retried.
 */
export function createCall(options: ClientOptions): Call {
  const fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  return async (operation, parts = {}) => {
    const space = operation.indexOf(' ')
    const method = operation.slice(0, space)
    const path = (parts.path ?? {}) as Record<string, string>
    const query = (parts.query ?? {}) as Record<string, QueryValue>
    const url = (options.base ?? '') + addressOf(operation.slice(space + 1), path, query)
    const init = initOf(method, options.language(), parts as CallParts<never>)
    const response = await send(fetch, url, init)
    if (!response.ok) {
      const problem = await problemOf(response)
      if (response.status === kUnauthorized) options.onSignedOut?.()
      throw problem
    }
    if (response.status === kNoContent) return undefined as never
    try {
      return (await response.json()) as never
    } catch (error) {
      if (isAbort(error)) throw error
      throw new ProblemError(kUnreadableProblem, response.status)
    }
  }
}
