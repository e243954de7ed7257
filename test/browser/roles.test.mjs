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

describe('on a phone', { skip: skipReason() }, () => {
  let browser
  before(async () => (browser = await startBrowser()))
  after(async () => browser?.close())

  it('no page is wider than the screen, and the menu lies over the page', async () => {
    const page = await newPage(browser)
    await page.setViewportSize({ width: 390, height: 844 })
    const { items } = await getJson(page, '/api/residents?limit=1')
    const { plans } = await getJson(page, '/api/plans')
    for (const path of ['/home', `/plans/${plans[0].id}`, '/residents', `/residents/${items[0].id}`]) {
      await page.goto(kUrl + path)
      await page.waitForLoadState('networkidle')
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, path)
    }
    assert.equal(await page.locator('nav.menu').isVisible(), false)
    await page.click('[data-tour=menu]')
    await page.click('nav.menu .entry >> nth=0')
    await page.waitForURL(/\/home/)
    assert.equal(await page.locator('nav.menu').isVisible(), false)
    await page.context().close()
  })

  it('saves a view under a name and opens it again', async () => {
    const page = await newPage(browser)
    await page.goto(`${kUrl}/residents?q=${encodeURIComponent('王')}`)
    await page.waitForSelector('[data-test=list-count]')
    await page.click('[data-test=views-open]')
    await page.fill('[data-test=view-name]', '姓王的居民')
    await page.click('[data-test=view-save]')
    await page.keyboard.press('Escape')
    await page.goto(`${kUrl}/home`)
    await page.click('[data-test=views-open]')
    await page.click('[data-test=views] >> text=姓王的居民')
    await page.waitForURL((url) => url.searchParams.get('q') === '王')
    assert.deepEqual(page.faults, [])
    await page.context().close()
  })

  it('shows the tour once, and never again after it was left', async () => {
    const page = await newPage(browser)
    await page.addInitScript(() => sessionStorage.getItem('tour-reset') ?? (localStorage.removeItem('kangqu.tour'), sessionStorage.setItem('tour-reset', '1')))
    await page.goto(`${kUrl}/home`)
    for (let n = 0; n < 4; n++) await page.click('[data-test=tour-next]')
    assert.equal(await page.locator('[data-test=tour]').count(), 0)
    await page.reload()
    await page.waitForSelector('[data-test=user]')
    assert.equal(await page.locator('[data-test=tour]').count(), 0)
    await page.context().close()
  })
})
