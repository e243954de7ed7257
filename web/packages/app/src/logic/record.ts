import type { FhirResource } from '@kangqu/model'

export interface RecordVersion {
  version: string
  updated: string
  deleted: boolean
  resource: unknown
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The version behind `W/"3"`, the form an entity tag has. */
function tagVersion(tag: unknown): string {
  return text(tag).replace(/^W\//, '').replaceAll('"', '')
}

/** The versions in a history bundle, newest first as the server gives them. */
export function versionsOf(bundle: FhirResource): RecordVersion[] {
  const entries: unknown[] = Array.isArray(bundle['entry']) ? bundle['entry'] : []
  return entries.map((one, index) => {
    const entry = record(one)
    const resource = entry['resource']
    const meta = record(record(resource)['meta'])
    const response = record(entry['response'])
    const version = text(meta['versionId']) || tagVersion(response['etag'])
    return {
      version: version || String(entries.length - index),
      updated: text(meta['lastUpdated']) || text(response['lastModified']),
      deleted: resource === undefined,
      resource,
    }
  })
}
