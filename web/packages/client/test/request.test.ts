import { describe, expect, it, vi } from 'vitest'
import { ProblemError, addressOf, createClient, kNetworkProblem, kUnreadableProblem } from '../src'

function answering(status: number, body: string, type = 'application/json') {
  return vi.fn<typeof fetch>(() =>
    Promise.resolve(
      new Response(status === 204 ? null : body, { status, headers: { 'content-type': type } }),
    ),
  )
}

function clientOf(fetch: typeof globalThis.fetch, onSignedOut = () => {}) {
  return createClient({ language: () => 'en', onSignedOut, fetch })
}

async function failure(promise: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ProblemError)
  return error as ProblemError
}

describe('addressOf', () => {
  it('fills and escapes the path, and leaves empty query values out', () => {
    expect(addressOf('/a/{id}/b', { id: 'x/y 1' }, { q: '张', unit: '', offset: 0, z: undefined })).toBe(
      '/a/x%2Fy%201/b?q=%E5%BC%A0&offset=0',
    )
  })

  it('keeps an unknown part visible instead of writing undefined', () => {
    expect(addressOf('/a/{id}', {}, {})).toBe('/a/{id}')
  })
})

describe('client', () => {
  it('sends the language, and the guard header only when something changes', async () => {
    const fetch = answering(200, '{"plans":[]}')
    const client = clientOf(fetch)
    await client.plans()
    await client.readPlan('text')
    const [get, post] = fetch.mock.calls.map((call) => call[1])
    expect(get?.headers).toMatchObject({ 'Accept-Language': 'en' })
    expect(get?.headers).not.toHaveProperty('X-Kangqu')
    expect(post?.headers).toMatchObject({
      'X-Kangqu': '1',
      'Content-Type': 'text/plain; charset=utf-8',
    })
    expect(post?.body).toBe('text')
  })

  it('sends objects as JSON', async () => {
    const fetch = answering(200, '{}')
    await clientOf(fetch).signIn({ name: 'a', password: 'b' })
    expect(fetch.mock.calls[0]?.[1]?.body).toBe('{"name":"a","password":"b"}')
  })

  it('turns a problem document into its code and texts', async () => {
    const body = '{"type":"urn:kangqu:error:plan_unknown","title":"T","status":404,"detail":"D"}'
    const error = await failure(clientOf(answering(404, body)).plan('x', {}))
    expect([error.code, error.status, error.title, error.detail]).toEqual([
      'plan_unknown',
      404,
      'T',
      'D',
    ])
  })

  it('reads the first issue of an OperationOutcome', async () => {
    const body = '{"resourceType":"OperationOutcome","issue":[{"code":"not-found","details":{"text":"gone"},"diagnostics":"Patient/1"}]}'
    const error = await failure(clientOf(answering(404, body)).history('Patient', '1'))
    expect([error.code, error.title, error.detail]).toEqual(['not-found', 'gone', 'Patient/1'])
  })

  it('names an error answer that is no problem document, and a success that is no JSON', async () => {
    expect((await failure(clientOf(answering(502, '<html>')).plans())).code).toBe(kUnreadableProblem)
    expect((await failure(clientOf(answering(200, '<html>')).plans())).code).toBe(kUnreadableProblem)
    expect((await failure(clientOf(answering(500, 'null')).plans())).code).toBe(kUnreadableProblem)
  })

  it('names an unreachable server and does not retry', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.reject(new TypeError('failed')))
    expect((await failure(clientOf(fetch).plans())).code).toBe(kNetworkProblem)
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  it('passes a cancellation on as what it is', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(() =>
      Promise.reject(new DOMException('x', 'AbortError')),
    )
    await expect(clientOf(fetch).plans(new AbortController().signal)).rejects.toMatchObject({
      name: 'AbortError',
    })
  })

  it('tells that nobody is signed in', async () => {
    const onSignedOut = vi.fn()
    await failure(clientOf(answering(401, '{"title":"t"}'), onSignedOut).plans())
    expect(onSignedOut).toHaveBeenCalledTimes(1)
  })

  it('accepts an answer without content', async () => {
    await expect(clientOf(answering(204, '')).signOut()).resolves.toBeUndefined()
  })
})
