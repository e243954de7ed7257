// Answers the HTTP contract with fictional data so that the pages can be drawn without the program.
// node mock/server.mjs [port]; serves dist/ too. Names that provoke states: period "slow", "empty", "broken".
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kReasons, kUnits, person, timeline } from './people.mjs'
import { documentOf, planOf } from './plan.mjs'

const kDist = fileURLToPath(new URL('../dist/', import.meta.url))
const kTypes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
const kPeople = 100000
const kPeriods = (zh) => [
  { id: '2026', name: zh ? '2026年（至今）' : '2026 (to date)', from: '2026-01-01', to: '2026-11-22', complete: false },
  { id: '12m', name: zh ? '近12个月' : 'Last 12 months', from: '2025-11-23', to: '2026-11-22', complete: true },
  ...[2025, 2024, 2023].map((y) => ({ id: String(y), name: zh ? `${y}年` : String(y), from: `${y}-01-01`, to: `${y}-12-31`, complete: true })),
]
const kAsOf = { position: 481204, asOf: '2026-11-22T06:40:12+08:00' }

const problem = (status, code, title, detail = title) => ({ status, body: { type: `urn:kangqu:error:${code}`, title, status, detail } })
const factorOf = (unit) => (unit && unit !== 'org-0' ? 0.12 + (unit.length % 3) * 0.05 : 1)

function session(zh) {
  return { user: { name: 'leader', displayName: zh ? '李明' : 'Li Ming', role: 'commission', roleName: zh ? '卫健局管理员' : 'Commission officer', organization: { id: 'org-0', name: kUnits[0].name }, practitioner: null }, authRequired: true }
}

const kCql = `library ManagedRate version '2026.1'
using FHIR version '4.0.1'

parameter "Measurement Period" Interval<Date>

context Patient

define "Denominator":
  exists ( [EpisodeOfCare: "Programme"] E where E.period overlaps "Measurement Period" )

define "Numerator":
  "Denominator" and Count("Follow-ups in Period") >= 4
`

function measure(id, query, zh) {
  const t = (a, b) => (zh ? a : b)
  const plan = planOf('p', 1, null, zh)
  const target = plan.targets.find((one) => one.measure === id)
  if (!target) return problem(404, 'measure_unknown', t('没有这个指标。请从规划页面重新打开。', 'There is no such measure. Open it from the plan page.'))
  const whole = id === 'ehr-use' ? kPeople : planOf('p', 1, null, zh).targets.find((one) => one.measure === id).denominator
  const strata = stationsOf(query.get('unit')).map(({ unit, index }) => {
    const count = Math.floor(whole / kStations.length) + (index < whole % kStations.length ? 1 : 0)
    const met = Math.round(count * (target.value / 100 + (index - 2.5) * 0.02))
    return { unit: { id: unit.id, name: unit.name }, denominator: count, numerator: met, notMet: count - met, denominatorExclusion: 0, value: Math.round((met / count) * 10000) / 100 }
  })
  const sum = (key) => strata.reduce((total, one) => total + one[key], 0)
  const [denominator, numerator] = [sum('denominator'), sum('numerator')]
  const notMet = denominator - numerator
  const excluded = Math.round(denominator * 0.021)
  const text = kReasons[zh ? 'zh' : 'en']
  const part = (p) => Math.floor(notMet * p)
  const reasons = [['visits', part(0.46)], ['bp', part(0.3)], ['nobp', part(0.17)]].map(([code, count]) => ({ code, text: text[code], population: 'not-met', count }))
  reasons.push({ code: 'late', text: text.late, population: 'not-met', count: notMet - reasons.reduce((a, b) => a + b.count, 0) })
  reasons.push({ code: 'dead', text: text.dead, population: 'denominator-exclusion', count: Math.floor(excluded * 0.6) }, { code: 'moved', text: text.moved, population: 'denominator-exclusion', count: excluded - Math.floor(excluded * 0.6) })
  const body = { id, name: target.name, description: t('本期内按规范接受管理的人数占管理名册人数的比例。', 'Share of the managed register that was managed to the norm in the period.'), numeratorText: t('本期内随访不少于4次且最近一次达标的人数', 'People with at least 4 follow-ups whose latest value is on target'), denominatorText: t('本期内在管理名册中的人数', 'People on the managed register in the period'), exclusionText: t('本期内死亡或迁出的人', 'People who died or moved away in the period'), source: t('国家基本公共卫生服务规范（第三版）', 'National basic public health service norm (3rd edition)'), basis: t('现管理', 'currently managed'), denominatorSource: t('管理名册', 'managed register'), unit: '%', increase: true, packId: 'cn.basic', packVersion: '2026.1.0', cql: kCql, period: kPeriods(zh)[0], ...kAsOf, ready: true, value: target.value, counts: { initialPopulation: denominator + excluded, denominator, denominatorExclusion: excluded, numerator, notMet, failed: 0 }, reasons, strata }
  return { status: 200, body }
}

const kStations = kUnits.filter((one) => one.kind === 'station')

/** The stations at or below a unit; all without one. */
function stationsOf(id) {
  const below = (one) => !id || one?.id === id || (one?.parent && below(kUnits.find((up) => up.id === one.parent)))
  return kStations.map((unit, index) => ({ unit, index })).filter((one) => below(one.unit))
}

const kPopulationCount = { denominator: 'denominator', numerator: 'numerator', 'not-met': 'notMet', 'denominator-exclusion': 'denominatorExclusion' }

function measureResidents(id, query, zh) {
  const found = measure(id, query, zh)
  if (found.status !== 200) return found
  const population = query.get('population') || 'denominator'
  const reason = query.get('reason')
  const whole = reason ? (found.body.reasons.find((one) => one.code === reason)?.count ?? 0) : found.body.counts[kPopulationCount[population]]
  const total = query.get('q') ? Math.ceil(whole / 400) : whole
  const offset = Number(query.get('offset') ?? 0)
  const limit = Number(query.get('limit') ?? 100)
  const visible = id === 'contract' ? Math.floor(total * 0.8) : total
  const codes = { 'not-met': ['visits', 'bp', 'nobp'], 'denominator-exclusion': ['dead', 'moved'] }[population] ?? []
  const items = Array.from({ length: Math.max(0, Math.min(limit, visible - offset)) }, (_, k) => {
    const i = offset + k
    return person(i, zh, codes.length ? [reason ?? codes[i % codes.length], ...(i % 5 === 0 && !reason ? [codes[(i + 1) % codes.length]] : [])] : [])
  })
  return { status: 200, body: { total, visible, offset, position: kAsOf.position, items } }
}

function residents(query, zh) {
  const q = query.get('q') ?? ''
  const total = q === '无此人' || q === 'zzz' ? 0 : q ? 137 : kPeople
  const offset = Number(query.get('offset') ?? 0)
  const limit = Number(query.get('limit') ?? 100)
  const items = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, k) => person((offset + k) * (q ? 7 : 1), zh))
  return { status: 200, body: { total, offset, position: kAsOf.position, items } }
}

function resident(id, zh) {
  const t = (a, b) => (zh ? a : b)
  if (!/^r\d+$/.test(id)) return problem(404, 'resident_unknown', t('没有这位居民，或您无权查看。', 'There is no such resident, or you may not see the record.'))
  const row = person(Number(id.slice(1)), zh)
  return { status: 200, body: { ...row, deceased: null, address: '云岭区城关街道东门路18号', recordNumber: `5301020010${id.slice(1).padStart(7, '0')}`, synthetic: true, tags: [{ code: 'a', text: t('高血压管理', 'Hypertension') }, { code: 'b', text: t('65岁以上老年人', '65 and over') }], contract: { team: t('东门家庭医生团队', 'Dongmen team'), doctor: '周敏', from: '2026-01-05', to: '2026-12-31' }, version: 3, lastUpdated: '2026-11-20T10:22:00+08:00' } }
}

function fhir(parts) {
  if (parts[1] === 'PlanDefinition') return { resourceType: 'PlanDefinition', id: parts[2], extension: [{ url: 'urn:kangqu:source-text', valueReference: { reference: 'DocumentReference/plan-text' } }] }
  if (parts[2] === 'plan-text') return { resourceType: 'DocumentReference', id: 'plan-text', content: [{ attachment: { contentType: 'text/plain; charset=utf-8', data: Buffer.from(documentOf().text).toString('base64') } }] }
  const one = (v) => ({ resourceType: parts[1], id: parts[2], meta: { versionId: String(v), lastUpdated: `2026-0${v}-11T08:0${v}:00+08:00` }, status: 'final', code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }], text: '血压' }, component: [{ valueQuantity: { value: 141 + v, unit: 'mmHg', code: 'mm[Hg]' } }] })
  if (parts[3] === '_history' && parts[4]) return one(Number(parts[4]))
  if (parts[3] === '_history') return { resourceType: 'Bundle', type: 'history', entry: [3, 2, 1].map((v) => ({ resource: one(v) })) }
  return one(3)
}

function readPlan(text, zh) {
  if (!text.includes('责任单位')) return problem(422, 'plan_no_tasks', zh ? '没有找到带“责任单位”的任务。请确认上传的是规划分工文件的全文。' : 'No task with a responsible unit was found. Check that this is the full text of a plan.', zh ? '没有找到带“责任单位”的任务（共1行）。' : 'No task with a responsible unit was found (1 line).')
  const plan = planOf('x', 1, null, zh)
  const tasks = plan.tasks.map((task) => ({ no: task.no, path: task.path, title: task.title, offset_start: task.no * 100, offset_end: task.no * 100 + 90, lead_unit: task.leadUnit, units: task.units, mode: task.mode, indicators: plan.targets.filter((one) => one.task === task.no).flatMap((one) => one.years.map((y) => ({ name: one.name, comparator: y.comparator, value: y.value, unit: one.unit, year: y.year, words: y.words, attribute: one.attribute }))) }))
  return { status: 200, body: { title: plan.title, issuer: plan.issuer, doc_no: plan.docNo, date: plan.date, tasks, indicators: [] } }
}

function planAnswer(id, query, zh) {
  const period = query.get('period')
  if (period === 'broken') return problem(503, 'timeline_loading', zh ? '数据列正在装载，请稍后重试。' : 'The columns are loading; try again in a moment.')
  const plan = planOf(id, factorOf(query.get('unit')), '2026', zh)
  if (period === 'empty') return { status: 200, body: { ...plan, chapters: [], units: [], tasks: [], targets: [], summary: { tasks: 0, targets: 0, met: 0, onTrack: 0, behind: 0, notComputable: 0 } } }
  return { status: 200, body: plan }
}

function get(parts, query, zh) {
  const ok = (body) => ({ status: 200, body })
  if (parts[0] === 'fhir') return ok(fhir(parts))
  const [, family, id, sub] = parts
  if (family === 'units') return ok({ units: kUnits })
  if (family === 'periods') return ok({ periods: kPeriods(zh) })
  if (family === 'plans' && !id) return ok({ plans: [(({ title, issuer, docNo, date, summary }) => ({ id: 'demo', title, issuer, docNo, date, taskCount: summary.tasks, targetCount: summary.targets }))(planOf('demo', 1, null, zh))] })
  if (family === 'plans') return planAnswer(id, query, zh)
  if (family === 'measures' && sub) return measureResidents(id, query, zh)
  if (family === 'measures') return measure(id, query, zh)
  if (family === 'residents' && sub) return ok(timeline(id, zh, query.get('kind'), Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 100)))
  if (family === 'residents' && id) return resident(id, zh)
  if (family === 'residents') return residents(query, zh)
  return problem(404, 'not_found', 'not found')
}

function answer(method, url, text, zh, signedIn) {
  const parts = url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  if (url.pathname === '/api/session') {
    if (method === 'POST' && JSON.parse(text).password !== 'x') return problem(401, 'sign_in_failed', zh ? '用户名或密码不对。' : 'Wrong name or password.')
    if (method === 'POST') return { status: 200, body: session(zh), cookie: 'kangqu_session=1; Path=/; HttpOnly; SameSite=Strict' }
    if (method === 'DELETE') return { status: 204, cookie: 'kangqu_session=; Path=/; Max-Age=0' }
    return signedIn ? { status: 200, body: session(zh) } : problem(401, 'not_signed_in', zh ? '请先登录。' : 'Sign in first.')
  }
  if (!signedIn) return problem(401, 'not_signed_in', zh ? '请先登录。' : 'Sign in first.')
  if (url.pathname === '/api/plans/read') return readPlan(text, zh)
  return get(parts, url.searchParams, zh)
}

async function file(path) {
  const name = extname(path) ? path : '/index.html'
  try {
    return { status: 200, type: kTypes[extname(name)] ?? 'application/octet-stream', data: await readFile(join(kDist, name)) }
  } catch {
    return { status: 404, type: 'text/plain', data: 'not found' }
  }
}

async function handle(request, response) {
  const url = new URL(request.url, 'http://local')
  if (!/^\/(api|fhir)\//.test(url.pathname)) {
    const found = await file(url.pathname)
    response.writeHead(found.status, { 'content-type': found.type }).end(found.data)
    return
  }
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const zh = !String(request.headers['accept-language'] ?? 'zh').startsWith('en')
  if (url.searchParams.get('period') === 'slow') await new Promise((done) => setTimeout(done, 4000))
  const signedIn = /kangqu_session=1/.test(request.headers.cookie ?? '')
  const { status, body, cookie } = answer(request.method, url, Buffer.concat(chunks).toString('utf8'), zh, signedIn)
  if (cookie) response.setHeader('set-cookie', cookie)
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

const port = Number(process.argv[2] ?? 8090)
createServer((request, response) => {
  handle(request, response).catch((error) => response.writeHead(500).end(String(error)))
}).listen(port, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${port}\n`))
