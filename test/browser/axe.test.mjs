// Every page is checked against WCAG 2.2 A and AA by axe, in the light and the dark theme.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, it } from 'node:test'
import { getJson, kUrl, newPage, planWithNumber, skipReason, startBrowser } from './browser.mjs'

const require = createRequire(new URL('../../web/package.json', import.meta.url))
const kTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

describe('pages are accessible', { skip: skipReason() }, () => {
  let browser
  before(async () => (browser = await startBrowser()))
  after(async () => browser?.close())

  async function faultsOf(page) {
    // Injected as text: the pages' own policy lets no foreign script in.
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'))
    const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), kTags)
    return found.violations.map((one) => `${one.id}: ${one.nodes.length} × ${one.nodes[0].html.slice(0, 160)}`)
  }

  async function pages(page) {
    const { plan, target } = await planWithNumber(page)
    const { items } = await getJson(page, '/api/residents?limit=1')
    return [
      '/home',
      '/plans',
      `/plans/${plan.id}`,
      `/plans/${plan.id}?measure=${target.measure}`,
      '/plans/read',
      `/measures/${target.measure}`,
      `/measures/${target.measure}/residents?population=not-met`,
      '/residents',
      `/residents/${items[0].id}`,
      '/design',
      '/no-such-page',
    ]
  }

  for (const theme of ['light', 'dark']) {
    it(`in the ${theme} theme`, async () => {
      const page = await newPage(browser)
      await page.context().addInitScript((value) => localStorage.setItem('kangqu.theme', value), theme)
      const found = []
      for (const path of await pages(page)) {
        await page.goto(kUrl + path)
        await page.waitForLoadState('networkidle')
        found.push(...(await faultsOf(page)).map((fault) => `${path}: ${fault}`))
      }
      assert.deepEqual(found, [])
      assert.deepEqual(page.faults, [])
      await page.context().close()
    })
  }

  it('on the sign-in page and the palette', async () => {
    const page = await newPage(browser, { signedIn: false })
    await page.goto(`${kUrl}/sign-in`)
    await page.waitForLoadState('networkidle')
    assert.deepEqual(await faultsOf(page), [])
    const inside = await newPage(browser)
    await inside.goto(`${kUrl}/home`)
    await inside.waitForSelector('[data-test=user]')
    await inside.keyboard.press('Control+k')
    await inside.waitForSelector('[data-test=search-field]')
    assert.deepEqual(await faultsOf(inside), [])
  })
})
