import type { FhirResource } from '@kangqu/model'

const kSourceText = 'urn:kangqu:source-text'

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : []
}

/** Where a plan keeps the document it was read from: `Type/id`, or undefined where it keeps none. */
export function sourceTextOf(plan: FhirResource): { type: string; id: string } | undefined {
  const extension = list(plan['extension']).find((one) => one['url'] === kSourceText)
  const reference = extension?.['valueReference'] as { reference?: unknown } | undefined
  const match = /^(\w+)\/([\w.-]+)$/.exec(String(reference?.reference ?? ''))
  return match?.[1] && match[2] ? { type: match[1], id: match[2] } : undefined
}

/** The text a DocumentReference carries in itself, or undefined. */
export function attachedText(document: FhirResource): string | undefined {
  for (const content of list(document['content'])) {
    const attachment = content['attachment'] as { contentType?: unknown; data?: unknown } | undefined
    if (typeof attachment?.data !== 'string' || !/^text\//.test(String(attachment.contentType))) continue
    const bytes = Uint8Array.from(atob(attachment.data), (one) => one.charCodeAt(0))
    return new TextDecoder().decode(bytes)
  }
  return undefined
}
