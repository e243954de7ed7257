// Published FHIR clients, unmodified, against a running server (KANGQU_URL).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'fhir-kit-client'
import FHIR from 'fhirclient'

const baseUrl = `${process.env.KANGQU_URL}/fhir`

const patient = (value, more = {}) => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:kit', value }],
  name: [{ text: '测试居民' }],
  birthDate: '1990-01-01',
  ...more,
})

test('fhir-kit-client: capability statement', async () => {
  const client = new Client({ baseUrl })
  const statement = await client.capabilityStatement()
  assert.equal(statement.resourceType, 'CapabilityStatement')
  assert.equal(statement.fhirVersion, '4.0.1')
})

test('fhir-kit-client: the life of a resource', async () => {
  const client = new Client({ baseUrl })
  const created = await client.create({ resourceType: 'Patient', body: patient('life') })
  assert.match(created.id, /./)
  const read = await client.read({ resourceType: 'Patient', id: created.id })
  assert.deepEqual(read, created)
  const updated = await client.update({
    resourceType: 'Patient', id: created.id, body: { ...read, gender: 'female' },
  })
  assert.equal(updated.meta.versionId, '2')
  const first = await client.vread({ resourceType: 'Patient', id: created.id, version: '1' })
  assert.equal(first.gender, undefined)
  const patched = await client.patch({
    resourceType: 'Patient', id: created.id,
    jsonPatch: [{ op: 'replace', path: '/gender', value: 'male' }],
  })
  assert.equal(patched.gender, 'male')
  const history = await client.resourceHistory({ resourceType: 'Patient', id: created.id })
  assert.deepEqual(history.entry.map((one) => one.resource.meta.versionId), ['3', '2', '1'])
  await client.delete({ resourceType: 'Patient', id: created.id })
  await assert.rejects(client.read({ resourceType: 'Patient', id: created.id }), (error) => error.response.status === 410)
})

test('fhir-kit-client: conditional update, histories, errors', async () => {
  const client = new Client({ baseUrl })
  const searchParams = { identifier: 'urn:kit|conditional' }
  const one = await client.update({ resourceType: 'Patient', searchParams, body: patient('conditional') })
  const two = await client.update({ resourceType: 'Patient', searchParams, body: patient('conditional', { gender: 'other' }) })
  assert.equal(two.id, one.id)
  assert.equal(two.meta.versionId, '2')
  assert.ok((await client.typeHistory({ resourceType: 'Patient' })).entry.length >= 2)
  assert.ok((await client.systemHistory()).entry.length >= 2)
  await assert.rejects(
    client.create({ resourceType: 'Patient', body: { resourceType: 'Patient', birthDate: '1990-13-01' } }),
    (error) => error.response.status === 400 && error.response.data.resourceType === 'OperationOutcome',
  )
})

test('fhir-kit-client: bundles and pages of a search', async () => {
  const client = new Client({ baseUrl })
  const entry = Array.from({ length: 5 }, (_, number) => ({
    fullUrl: `urn:uuid:00000000-0000-4000-8000-00000000000${number}`,
    resource: patient(`page${number}`, { gender: 'unknown' }),
    request: { method: 'POST', url: 'Patient' },
  }))
  const answer = await client.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry } })
  assert.equal(answer.type, 'transaction-response')
  assert.ok(answer.entry.every((one) => one.response.status.startsWith('201')))
  const batch = await client.batch({
    body: { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Patient?gender=unknown&_count=2' } }] },
  })
  assert.equal(batch.entry[0].resource.entry.length, 2)
  const seen = new Set()
  let page = await client.search({ resourceType: 'Patient', searchParams: { gender: 'unknown', _count: 2 } })
  while (page) {
    for (const one of page.entry ?? []) {
      assert.ok(!seen.has(one.resource.id), 'no record on two pages')
      seen.add(one.resource.id)
    }
    page = await client.nextPage({ bundle: page })
  }
  assert.equal(seen.size, 5)
})

test('fhirclient: create, read, search with pages, update, delete', async () => {
  const client = FHIR({ headers: {}, url: '/' }, {}, {}).client({ serverUrl: baseUrl })
  const created = await client.create(patient('smart', { gender: 'female' }))
  assert.match(created.id, /./)
  const read = await client.request(`Patient/${created.id}`)
  assert.equal(read.name[0].text, '测试居民')
  const updated = await client.update({ ...read, birthDate: '1991-02-03' })
  assert.equal(updated.birthDate, '1991-02-03')
  const pages = await client.request('Patient?gender=unknown&_count=2', { pageLimit: 0, flat: true })
  assert.equal(pages.length, 5)
  await client.delete(`Patient/${created.id}`)
  await assert.rejects(client.request(`Patient/${created.id}`))
})
