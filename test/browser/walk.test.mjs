// A number opens: from the plan to the measure, to its residents, to a record and its versions.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { authRequired, credentials, digits, getJson, kUrl, newPage, planText, planWithNumber, skipReason, startBrowser } from './browser.mjs'

describe('walking through the application', { skip: skipReason() }, () => {
  let browser
  before(async () => (browser = await startBrowser()))
  after(async () => browser?.close())

  async function opened(path, options) {
    const page = await newPage(browser, options)
    await page.goto(kUrl + path)
    return page
  }

  function listed(page, count) {
    return page.waitForFunction((n) => document.querySelector('[data-test=list-count]')?.dataset.total === String(n), count)
  }

  async function done(page) {
    assert.deepEqual(page.faults, [])
    await page.context().close()
  }

  it('asks to sign in, tells a wrong password, and returns to where one wanted to go', async (t) => {
    const page = await newPage(browser, { signedIn: false })
    if (!(await authRequired(page))) return t.skip('the server runs without accounts')
    await page.goto(`${kUrl}/residents`)
    await page.waitForURL(/sign-in/)
    await page.fill('#name', credentials.name)
    await page.fill('#password', `${credentials.password}-not`)
    await page.keyboard.press('Enter')
    await page.waitForSelector('[role=alert]')
    await page.fill('#password', credentials.password)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/residents$/)
    await page.click('[data-test=user]')
    await page.click('[data-test=sign-out]')
    await page.waitForURL(/sign-in/)
    assert.equal((await page.request.get(`${kUrl}/api/session`)).status(), 401)
    await done(page)
  })

  it('shows a plan with counts of states that add up and filter', async () => {
    const page = await opened('/plans')
    await page.click('a.plan >> nth=0')
    await page.waitForSelector('[data-test=target]')
    const states = {}
    for (const state of ['met', 'onTrack', 'behind', 'notComputable']) {
      states[state] = digits(await page.innerText(`[data-test=state-${state}] b`))
    }
    const all = await page.locator('[data-test=target]').count()
    assert.equal(Object.values(states).reduce((a, b) => a + b, 0), all)
    for (const [state, count] of Object.entries(states)) {
      await page.click(`[data-test=state-${state}]`)
      await page.waitForURL(new RegExp(`state=${state}`))
      await page.waitForFunction((n) => document.querySelectorAll('[data-test=target]').length === n, count)
    }
    await done(page)
  })

  it('opens the words of a task and the plan’s text', async () => {
    const page = await newPage(browser)
    const { plan } = await planWithNumber(page)
    await page.goto(`${kUrl}/plans/${plan.id}`)
    await page.click('[data-test=task] .open >> nth=0')
    assert.equal((await page.innerText('[data-test=task-text]')).trim(), plan.tasks[0].text.trim())
    await page.waitForSelector('article.document')
    await page.keyboard.press('Escape')
    await page.waitForSelector('[data-test=task-text]', { state: 'hidden' })
    await done(page)
  })

  it('opens a number to its definition, every count to a list of as many, and a resident to the raw record', async () => {
    const page = await newPage(browser)
    const { plan, target } = await planWithNumber(page)
    await page.goto(`${kUrl}/plans/${plan.id}`)
    await page.click(`[data-measure="${target.measure}"] [data-test=value] >> nth=0`)
    await page.waitForSelector('[data-test=definition]')
    const counts = {}
    for (const population of ['denominator', 'numerator', 'not-met', 'denominator-exclusion']) {
      counts[population] = digits(await page.innerText(`[data-test=count-${population}] b`))
    }
    assert.equal(counts.denominator, target.denominator)
    assert.equal(counts.numerator + counts['not-met'], counts.denominator)
    await page.click('[data-test=count-denominator]')
    await page.waitForURL(/\/residents\?/)
    for (const [population, count] of Object.entries(counts)) {
      await page.click(`[data-test=tab-${population}]`)
      await listed(page, count)
      assert.equal(digits(await page.innerText(`[data-test=tab-${population}] span`)), count)
    }
    await page.click('[data-test=tab-denominator]')
    await page.waitForSelector('.row .name')
    const name = await page.innerText('.row .name >> nth=0')
    await page.click('.row >> nth=0')
    await page.waitForSelector('[data-test=banner] h1')
    assert.equal(await page.innerText('[data-test=banner] h1'), name)
    await page.click('[data-test=timeline-item] >> nth=0')
    await page.waitForSelector('[data-test=raw]')
    assert.match(await page.innerText('[data-test=raw]'), /"resourceType"/)
    assert.ok((await page.locator('[data-test=version]').count()) >= 1)
    await done(page)
  })

  it('opens a reason to exactly the residents it counts', async (t) => {
    const page = await newPage(browser)
    const { target } = await planWithNumber(page)
    const measure = await getJson(page, `/api/measures/${target.measure}`)
    const reason = measure.reasons.find((one) => one.population === 'not-met' && one.count > 0)
    if (!reason) return t.skip('this measure gives no reasons')
    await page.goto(`${kUrl}/measures/${target.measure}/residents?population=not-met&reason=${encodeURIComponent(reason.code)}`)
    await listed(page, reason.count)
    await done(page)
  })

  it('filters by unit and keeps the unit in the address', async () => {
    const page = await newPage(browser)
    const { target } = await planWithNumber(page)
    const whole = await getJson(page, `/api/measures/${target.measure}`)
    const stratum = whole.strata.find((one) => one.unit && one.denominator > 0 && one.denominator < whole.counts.denominator)
    assert.ok(stratum, 'some unit has a part of the denominator')
    const unit = encodeURIComponent(stratum.unit.id)
    const part = await getJson(page, `/api/measures/${target.measure}?unit=${unit}`)
    assert.ok(part.counts.denominator >= stratum.denominator)
    await page.goto(`${kUrl}/measures/${target.measure}?unit=${unit}`)
    await page.waitForSelector('[data-test=count-denominator] b')
    assert.equal(digits(await page.innerText('[data-test=count-denominator] b')), part.counts.denominator)
    await page.click('[data-test=count-denominator]')
    await page.waitForURL((url) => url.searchParams.get('unit') === stratum.unit.id)
    await listed(page, part.counts.denominator)
    await done(page)
  })

  it('opens each count of the table by unit to a list of as many', async () => {
    const page = await newPage(browser)
    const { target } = await planWithNumber(page)
    for (const n of [0, 1, 2]) {
      await page.goto(`${kUrl}/measures/${target.measure}`)
      await page.waitForSelector('[data-test=unit-numerator]')
      const cell = page.locator('[data-test=unit-numerator]').nth(n)
      if ((await page.locator('[data-test=unit-numerator]').count()) <= n) break
      const count = digits(await cell.innerText())
      await cell.click()
      await page.waitForURL(/population=numerator/)
      await listed(page, count)
    }
    await done(page)
  })

  it('finds a resident by the keyboard alone', async () => {
    const page = await newPage(browser)
    const { items } = await getJson(page, '/api/residents?limit=1')
    await page.goto(`${kUrl}/plans`)
    await page.waitForSelector('a.plan')
    await page.keyboard.press('Control+k')
    await page.keyboard.type(items[0].name)
    await page.waitForSelector('#found-0')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/residents\//)
    assert.equal(await page.innerText('[data-test=banner] h1'), items[0].name)
    await done(page)
  })

  it('scrolls to the end of the longest list', async () => {
    const page = await newPage(browser)
    const { total } = await getJson(page, '/api/residents?limit=1')
    await page.goto(`${kUrl}/residents`)
    await page.waitForSelector('.row .name')
    await page.focus('[role=grid]')
    await page.keyboard.press('End')
    await page.waitForSelector(`.row[aria-rowindex="${total + 1}"] .name`)
    await done(page)
  })

  it('keeps a page as it was in its tab', async () => {
    const page = await newPage(browser)
    const { plan } = await planWithNumber(page)
    await page.goto(`${kUrl}/plans/${plan.id}`)
    await page.click('[data-test=state-behind]')
    await page.waitForURL(/state=behind/)
    await page.click('nav.menu a[href^="/residents"]')
    await page.waitForSelector('[role=grid]')
    await page.click('.strip .go >> nth=0')
    await page.waitForURL(/state=behind/)
    assert.equal(await page.getAttribute('[data-test=state-behind]', 'aria-pressed'), 'true')
    await done(page)
  })

  it('changes the language without loading the page again', async () => {
    const page = await opened('/plans')
    await page.waitForSelector('a.plan')
    await page.evaluate(() => (window.stayed = true))
    assert.match(await page.innerText('nav.menu'), /居民/)
    await page.click('[data-test=language]')
    await page.waitForFunction(() => document.querySelector('nav.menu')?.innerText.includes('Residents'))
    assert.equal(await page.evaluate(() => window.stayed), true)
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en')
    await done(page)
  })

  it('reads a plan document, and tells what is wrong with one that is none', async () => {
    const page = await newPage(browser)
    const { plan } = await planWithNumber(page)
    const text = await planText(page, plan.id)
    await page.goto(`${kUrl}/plans/read`)
    await page.fill('[data-test=plan-text]', text)
    await page.click('[data-test=read]')
    await page.waitForSelector('[data-test=reading-count]')
    assert.ok(digits((await page.innerText('[data-test=reading-count]')).split(/[、a]/)[0]) > 0)
    await page.fill('[data-test=plan-text]', 'x')
    await page.click('[data-test=read]')
    await page.waitForSelector('[role=alert]')
    assert.notEqual((await page.innerText('[role=alert]')).trim(), '')
    await done(page)
  })

  it('tells of a resident that is not there, with a way to try again', async () => {
    const page = await opened('/residents/no-such-resident')
    await page.waitForSelector('[role=alert] button')
    await done(page)
  })
})
