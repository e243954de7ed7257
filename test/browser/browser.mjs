// One browser and one signed-in page for the tests of this folder, over a running server.
import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'

const require = createRequire(new URL('../../web/package.json', import.meta.url))

export const kUrl = (process.env.KANGQU_URL ?? '').replace(/\/$/, '')
const kUser = process.env.KANGQU_USER ?? ''
const kPassword = process.env.KANGQU_PASSWORD ?? ''
const kChromium = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Why the tests cannot run here, or false. */
export function skipReason() {
  if (!kUrl) return 'KANGQU_URL is not set: start a server and set KANGQU_URL, KANGQU_USER, KANGQU_PASSWORD'
  if (!existsSync(kChromium)) return `no browser at ${kChromium}: install chromium or set CHROMIUM`
  return false
}

export async function startBrowser() {
  const { chromium } = require('playwright-core')
  return chromium.launch({ executablePath: kChromium, args: ['--no-sandbox'] })
}

/** Passwords of the demonstration's accounts by name, where the runner knows them. */
const kPasswords = JSON.parse(process.env.KANGQU_PASSWORDS ?? '{}')
export const accounts = Object.keys(kPasswords)

/** A page of its own session with faults collected in `faults`; Chinese unless said otherwise. */
export async function newPage(browser, { language = 'zh', signedIn = true, account = kUser } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addInitScript((value) => {
    if (!localStorage.getItem('kangqu.language')) localStorage.setItem('kangqu.language', value)
    if (!localStorage.getItem('kangqu.tour')) localStorage.setItem('kangqu.tour', 'done')
  }, language)
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  page.faults = []
  page.on('pageerror', (error) => page.faults.push(error.message))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(kUrl) && !/^(data|blob):/.test(url)) page.faults.push(`asked outside: ${url}`)
  })
  if (signedIn && (await authRequired(page))) await signIn(page, account)
  return page
}

export async function authRequired(page) {
  const answer = await page.request.get(`${kUrl}/api/session`)
  return answer.status() === 401
}

async function signIn(page, name) {
  const answer = await page.request.post(`${kUrl}/api/session`, {
    headers: { 'X-Kangqu': '1' },
    data: { name, password: kPasswords[name] ?? kPassword },
  })
  if (!answer.ok()) throw new Error(`sign-in as "${name}" was answered ${answer.status()}`)
}

export const credentials = { name: kUser, password: kPassword }

export async function getJson(page, path) {
  const answer = await page.request.get(kUrl + path)
  if (!answer.ok()) throw new Error(`${path} was answered ${answer.status()}`)
  return answer.json()
}

/** The first plan and, in it, a target computed from residents with people on both sides. */
export async function planWithNumber(page) {
  const { plans } = await getJson(page, '/api/plans')
  for (const { id } of plans) {
    const plan = await getJson(page, `/api/plans/${encodeURIComponent(id)}`)
    const target = plan.targets.find((one) => one.measure && one.denominator > 0 && one.denominator > one.numerator)
    if (target) return { plan, target }
  }
  throw new Error('no plan has a target computed from residents')
}

/** The document a plan was read from. */
export async function planText(page, id) {
  const plan = await getJson(page, `/fhir/PlanDefinition/${encodeURIComponent(id)}`)
  const source = plan.extension.find((one) => one.url === 'urn:kangqu:source-text')
  const document = await getJson(page, `/fhir/${source.valueReference.reference}`)
  return Buffer.from(document.content[0].attachment.data, 'base64').toString('utf8')
}

/** The digits of a shown count, without separators. */
export function digits(text) {
  return Number(text.replace(/[^\d]/g, ''))
}
