import type { Credentials, FhirResource, Operations, PlanReading } from '@kangqu/model'
import { attachedText, sourceTextOf } from './plan-text'
import { ProblemError, kNoTextProblem } from './problem'
import { createCall, type ClientOptions } from './request'

type Query<K extends keyof Operations> = Operations[K]['query']
type Signal = AbortSignal | undefined
type Readiness = Operations['GET /readyz']['answer']
const kUnavailable = 503

/** The contract as named functions; each takes a signal last, so that a page can drop what it left. */
export function createClient(options: ClientOptions) {
  const call = createCall(options)

  const resource = async (type: string, id: string, signal?: Signal) =>
    (await call('GET /fhir/{type}/{id}', { path: { type, id }, signal })) as FhirResource

  /** The document a plan was read from, as its records keep it. */
  async function planText(id: string, signal?: Signal): Promise<string> {
    const source = sourceTextOf(await resource('PlanDefinition', id, signal))
    const text = source && attachedText(await resource(source.type, source.id, signal))
    if (text === undefined) throw new ProblemError(kNoTextProblem, 0)
    return text
  }

  return {
    session: (signal?: Signal) => call('GET /api/session', { signal }),
    signIn: (body: Credentials, signal?: Signal) => call('POST /api/session', { body, signal }),
    signOut: () => call('DELETE /api/session'),

    /** Whether everything the program answers from is there; false with the reasons while it is not. */
    readiness: async (signal?: Signal): Promise<Readiness> => {
      try {
        return await call('GET /readyz', { signal })
      } catch (reason) {
        if (reason instanceof ProblemError && reason.status === kUnavailable) return { ready: false, reasons: [] }
        throw reason
      }
    },
    units: (signal?: Signal) => call('GET /api/units', { signal }),
    periods: (signal?: Signal) => call('GET /api/periods', { signal }),

    plans: (signal?: Signal) => call('GET /api/plans', { signal }),
    plan: (id: string, query: Query<'GET /api/plans/{id}'>, signal?: Signal) =>
      call('GET /api/plans/{id}', { path: { id }, query, signal }),
    planText,
    readPlan: async (body: string, signal?: Signal) =>
      (await call('POST /api/plans/read', { body, signal })) as PlanReading,

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

    history: async (type: string, id: string, signal?: Signal) =>
      (await call('GET /fhir/{type}/{id}/_history', {
        path: { type, id },
        signal,
      })) as FhirResource,
  }
}

export type Client = ReturnType<typeof createClient>
