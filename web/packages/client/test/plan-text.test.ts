import { describe, expect, it, vi } from 'vitest'
import { ProblemError, createClient, kNoTextProblem } from '../src'
import { attachedText, sourceTextOf } from '../src/plan-text'

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
const plan = { extension: [{ url: 'x' }, { url: 'urn:kangqu:source-text', valueReference: { reference: 'DocumentReference/d-1' } }] }
const document = { content: [{ attachment: { contentType: 'application/pdf', data: 'AA==' } }, { attachment: { contentType: 'text/plain; charset=utf-8', data: base64('规划全文') } }] }

function serving(answers: Record<string, unknown>) {
  return vi.fn<typeof fetch>((url) => Promise.resolve(new Response(JSON.stringify(answers[String(url)] ?? {}))))
}

describe('the text of a plan', () => {
  it('is found by the reference the plan keeps', () => {
    expect(sourceTextOf(plan)).toEqual({ type: 'DocumentReference', id: 'd-1' })
    expect(sourceTextOf({})).toBeUndefined()
    expect(sourceTextOf({ extension: [{ url: 'urn:kangqu:source-text', valueReference: { reference: 'https://x/y/z' } }] })).toBeUndefined()
  })

  it('is the first text among the attachments', () => {
    expect(attachedText(document)).toBe('规划全文')
    expect(attachedText({})).toBeUndefined()
  })

  it('is read in two steps, and its absence is told', async () => {
    const fetch = serving({ '/fhir/PlanDefinition/p': plan, '/fhir/DocumentReference/d-1': document })
    const client = createClient({ language: () => 'zh', fetch })
    expect(await client.planText('p')).toBe('规划全文')
    const error: unknown = await client.planText('q').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ProblemError)
    expect((error as ProblemError).code).toBe(kNoTextProblem)
  })
})
