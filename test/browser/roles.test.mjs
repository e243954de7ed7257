// Every role starts at its own home page: its menu, its parts, and counts that open lists as long.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { accounts, digits, getJson, kUrl, newPage, skipReason, startBrowser } from './browser.mjs'

const kNames = { home: '工作台', plans: '规划', 'read-plan': '规划文件试读', residents: '居民' }

describe('the home page of each role', { skip: skipReason() || (accounts.length === 0 && 'KANGQU_PASSWORDS is not set') }, () => {
  let browser
  before(async () => (browser = await startBrowser()))
  after(async () => browser?.close())

  for (const account of accounts) {
    it(`of ${account} has the menu and the parts of the role`, async () => {
      const page = await newPage(browser, { account })
      const { workplace } = await getJson(page, '/api/session')
      await page.goto(kUrl)
      await page.waitForURL(/\/home/)
      await page.waitForLoadState('networkidle')
      const menu = await page.locator('nav.menu .entry').allInnerTexts()
      assert.deepEqual(menu.map((one) => one.trim()), workplace.menu.map((one) => kNames[one]))
      assert.equal(await page.locator('[role=alert]').count(), 0, 'a part of the home page failed')
      assert.ok((await page.locator('.parts > *').count()) >= workplace.home.length)
      assert.deepEqual(page.faults, [])
      await page.context().close()
    })
  }

  it('of a family doctor opens as many residents as it counts', async (t) => {
    if (!accounts.includes('doctor')) return t.skip('no such account')
    const page = await newPage(browser, { account: 'doctor' })
    await page.goto(`${kUrl}/home`)
    await page.waitForSelector('[data-test=home-count]')
    const counted = digits(await page.innerText('[data-test=home-count] >> nth=0'))
    await page.click('[data-test=home-count] >> nth=0')
    await page.waitForURL(/residents/)
    await page.waitForFunction((n) => document.querySelector('[data-test=list-count]')?.dataset.total === String(n), counted)
    assert.deepEqual(page.faults, [])
    await page.context().close()
  })
})

describe('what a person chooses for the screen', { skip: skipReason() }, () => {
  let browser
  before(async () => (browser = await startBrowser()))
  after(async () => browser?.close())

  it('stays: theme, row height and hidden columns', async () => {
    const page = await newPage(browser)
    await page.goto(`${kUrl}/residents`)
    await page.waitForSelector('[data-test=list-count]')
    await page.click('[data-test=user]')
    await page.click('[data-test=theme-dark]')
    await page.click('[data-test=density-compact]')
    await page.keyboard.press('Escape')
    await page.click('text=列 >> nth=0')
    await page.click('[role=menuitemcheckbox]:has-text("手机号")')
    await page.reload()
    await page.waitForSelector('[role=columnheader]')
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark')
    assert.equal(await page.locator('[role=columnheader]:has-text("手机号")').count(), 0)
    assert.equal((await page.locator('[role=row]').nth(1).boundingBox()).height, 30)
    await page.context().close()
  })

  it('turns a chart into its table, and into a file a spreadsheet opens', async () => {
    const page = await newPage(browser)
    await page.goto(`${kUrl}/home`)
    await page.waitForSelector('[data-test=chart]')
    const card = page.locator('section:has([data-test=chart-table])').last()
    await card.locator('[data-test=chart-table]').click()
    const rows = await card.locator('tbody tr').count()
    assert.ok(rows > 1)
    const file = page.waitForEvent('download')
    await card.locator('button:has-text("下载")').click()
    await page.click('[role=menuitem]:has-text("Excel")')
    assert.match((await file).suggestedFilename(), /\.xlsx$/)
    await page.context().close()
  })
})
