import type { Credentials, Operations } from '@kangqu/model'
import { createCall, type ClientOptions } from './request'

type Query<K extends keyof Operations> = Operations[K]['query']
type Signal = AbortSignal | undefined

/** The contract as named functions; each takes a signal last, so that a page can drop what it left. */
export function createClient(options: ClientOptions) {
  const call = createCall(options)
  return {
    session: (signal?: Signal) => call('GET /api/session', { signal }),
    signIn: (body: Credentials, signal?: Signal) => call('POST /api/session', { body, signal }),
    signOut: () => call('DELETE /api/session'),

    units: (signal?: Signal) => call('GET /api/units', { signal }),
    periods: (signal?: Signal) => call('GET /api/periods', { signal }),

    plans: (signal?: Signal) => call('GET /api/plans', { signal }),
    plan: (id: string, query: Query<'GET /api/plans/{id}'>, signal?: Signal) =>
      call('GET /api/plans/{id}', { path: { id }, query, signal }),
    planDocument: (id: string, signal?: Signal) =>
      call('GET /api/plans/{id}/document', { path: { id }, signal }),
    readPlan: (body: string, signal?: Signal) => call('POST /api/plans/read', { body, signal }),

    measure: (id: string, query: Query<'GET /api/measures/{id}'>, signal?: Signal) =>
      call('GET /api/measures/{id}', { path: { id }, query, signal }),
    measureResidents: (
      id: string,
      query: Query<'GET /api/measures/{id}/residents'>,
      signal?: Signal,
    ) => call('GET /api/measures/{id}/residents', { path: { id }, query, signal }),

    residents: (query: Query<'GET /api/residents'>, signal?: Signal) =>
      call('GET /api/residents', { query, signal }),
    resident: (id: string, signal?: Signal) =>
      call('GET /api/residents/{id}', { path: { id }, signal }),
    timeline: (id: string, query: Query<'GET /api/residents/{id}/timeline'>, signal?: Signal) =>
      call('GET /api/residents/{id}/timeline', { path: { id }, query, signal }),

    history: (type: string, id: string, signal?: Signal) =>
      call('GET /fhir/{type}/{id}/_history', { path: { type, id }, signal }),
    version: (type: string, id: string, v: string, signal?: Signal) =>
      call('GET /fhir/{type}/{id}/_history/{v}', { path: { type, id, v }, signal }),
    resource: (type: string, id: string, signal?: Signal) =>
      call('GET /fhir/{type}/{id}', { path: { type, id }, signal }),
  }
}

export type Client = ReturnType<typeof createClient>
