// Incidents as those meet them who handle them: one behaviour a test.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { address, home, leave, noServer, place, start, stop, visit } from './browser'
import { atDesk, beginReport, border, homeGrid, incident, listed, live, onto, pointedAt, putPosition, reported, withText } from './dispatch'
import { demo, fresh, must } from './people'

describe.skipIf(noServer)('incidents', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('one that somebody else reports shows on every open page that may see it, without anything being done', { timeout: 120_000 }, async () => {
    const g = await homeGrid()
    const before = await reported('clerk')
    const spot = { lon: g.label[0]! + 1e-4, lat: g.label[1]! }
    const desk = await atDesk('dispatcher', onto(spot))
    const leader = await atDesk('leader', onto(spot))
    expect((await listed(desk.page))[0]).toBe(before.id)
    const asked = desk.requests.filter((r) => r.includes('/tiles/incidents/')).length
    const made = await reported('clerk', { ...spot, kind: 'power' })
    for (const { page } of [desk, leader]) {
      await page.locator(`#incidents [data-incident="${made.id}"]`).getByText(made.text).waitFor()
      expect((await listed(page)).slice(0, 2)).toEqual([made.id, before.id])
      expect(await page.locator('#told').textContent()).toContain('供电故障')
    }
    await expect.poll(() => desk.requests.filter((r) => r.includes('/tiles/incidents/')).length).toBeGreaterThan(asked)
    await expect.poll(() => pointedAt(desk.page)).toMatch(/^供电故障 .*紧急$/)
    expect(desk.complaints).toEqual([])
    expect(desk.requests.filter((r) => !r.startsWith(address + '/') && !r.startsWith('blob:' + address) && !r.startsWith('data:'))).toEqual([])
  })

  test('whoever may see none has neither list nor button, and a link shows nothing', async () => {
    const made = await reported('dispatcher')
    const { page, requests } = await visit({ as: 'planner', hash: '#incident=' + made.id })
    await page.getByRole('button', { name: /^居民/ }).waitFor()
    await live(page)
    await page.getByText('没有这起事件').waitFor()
    await page.keyboard.press('i')
    await page.keyboard.press('r')
    expect(await page.locator('[data-list="incidents"]').count()).toBe(0)
    expect(await page.locator('#incidents').count()).toBe(0)
    expect(await page.getByRole('button', { name: '上报事件' }).count()).toBe(0)
    await page.getByRole('button', { name: '图层' }).click()
    expect(await page.getByRole('checkbox', { name: '事件' }).count()).toBe(0)
    expect(requests.filter((r) => /\/(api|tiles)\/incidents/.test(r))).toEqual([])
  })

  test('a leader sees incidents, and can neither report nor unmask', async () => {
    const made = await reported('dispatcher', { contact: { name: '测试甲', phone: '19999990001' } })
    const { page } = await visit({ as: 'leader', hash: '#incident=' + made.id })
    const panel = page.getByRole('complementary', { name: '事件详情' })
    await panel.getByText('您的角色不能查看完整联系方式').waitFor()
    expect(await panel.getByRole('button', { name: /显示完整/ }).count()).toBe(0)
    expect(await page.getByRole('button', { name: '上报事件' }).count()).toBe(0)
  })

  test("a grid worker sees their own grid's and no others", async () => {
    const own = demo('grid-worker').code
    const other = (await must('dispatcher', 'GET', `/api/grids?division=${own.slice(0, 12)}&limit=200`)).grids.find((g: { code: string }) => g.code !== own)
    const theirs = await reported('dispatcher', { lon: other.label[0], lat: other.label[1] })
    const mine = await reported('dispatcher')
    const { page } = await atDesk('grid-worker')
    const ids = await listed(page)
    expect(ids).toContain(mine.id)
    expect(ids).not.toContain(theirs.id)
    const later = await reported('dispatcher', { lon: other.label[0], lat: other.label[1] })
    const last = await reported('dispatcher')
    await expect.poll(async () => (await listed(page))[0]).toBe(last.id)
    expect(await listed(page)).not.toContain(later.id)
    const codes = await page.locator('#incidents .grid').evaluateAll((all) => all.map((e) => e.getAttribute('title')))
    expect(new Set(codes)).toEqual(new Set([own]))
  })

  test('cut off, the page says so; back again it has all that happened, each once and in order, and says that too', async () => {
    const { page, context } = await atDesk('dispatcher')
    await context.setOffline(true)
    await page.locator('#line[data-is="cut"]').waitFor()
    expect(await page.locator('#line').textContent()).toContain('已断线')
    const missed: string[] = []
    for (let n = 0; n < 3; n++) missed.unshift((await reported('clerk')).id)
    expect((await listed(page)).some((id) => missed.includes(id))).toBe(false)
    await context.setOffline(false)
    await page.locator('#line[data-is="caught"]').waitFor()
    expect(await page.locator('#line').textContent()).toContain('已补收 3 起')
    await page.getByText('断线期间的 3 起新事件已补收').waitFor()
    await expect.poll(async () => (await listed(page)).slice(0, 3)).toEqual(missed)
    const ids = await listed(page)
    expect(new Set(ids).size).toBe(ids.length)
    const after = await reported('clerk')
    await expect.poll(async () => (await listed(page))[0]).toBe(after.id)
  })

  test('an answer that was asked for before an event does not take its incident away again', async () => {
    const { page } = await atDesk('dispatcher')
    let answer: (() => void) | undefined
    await page.route('**/api/incidents?*', async (route) => {
      if (answer) return route.continue() // only the first is held; interception stays on, so that it is still ours to answer
      const held = new Promise<void>((done) => (answer = done))
      const old = await route.fetch() // as it is now
      await held
      await route.fulfill({ response: old })
    })
    await page.getByRole('combobox', { name: '紧急程度' }).selectOption({ label: '轻微' })
    await expect.poll(() => answer !== undefined).toBe(true)
    const made = await reported('clerk')
    await expect.poll(() => page.locator('#told').textContent()).toContain('垃圾堆积')
    answer!()
    await expect.poll(async () => (await listed(page))[0]).toBe(made.id)
  })

  test('what is new while the tab is hidden is counted in its title', async () => {
    const { page } = await atDesk('dispatcher')
    const hidden = (is: boolean) =>
      page.evaluate((state) => {
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
        document.dispatchEvent(new Event('visibilitychange'))
      }, is ? 'hidden' : 'visible')
    await hidden(true)
    await reported('clerk')
    await reported('clerk')
    await expect.poll(() => page.title()).toMatch(/^\(2\) 经纬/)
    await hidden(false)
    await expect.poll(() => page.title()).toMatch(/^经纬/)
  })

  test('the list is opened, walked and left with the keyboard, and what is open stands in the address', async () => {
    await reported('dispatcher')
    const { page } = await atDesk('dispatcher')
    const [first, second] = await listed(page)
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.incident)).toBe(second)
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await page.getByRole('complementary', { name: '事件详情' }).getByText(first!).waitFor()
    expect(place(page).get('incident')).toBe(first)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => place(page).get('incident')).toBe(second)
    await page.goBack()
    await page.getByRole('complementary', { name: '事件详情' }).getByText(first!).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('#panel').waitFor({ state: 'detached' })
    expect(place(page).get('incident')).toBeNull()
    await page.keyboard.press('Escape')
    await page.locator('#incidents').waitFor({ state: 'detached' })
  })

  test('the list holds what the filter says, and older ones come as one scrolls', async () => {
    const { page } = await atDesk('dispatcher')
    const all = (await must('dispatcher', 'GET', `/api/incidents?division=${await home()}&limit=1`)).total as number
    await expect.poll(() => page.locator('#incidents header').innerText()).toContain(all.toLocaleString('zh-CN'))
    await expect
      .poll(async () => {
        await page.locator('#incidents .scroll').evaluate((el) => el.scrollTo(0, el.scrollHeight))
        return (await listed(page)).length
      })
      .toBeGreaterThan(50)
    await page.getByRole('group', { name: '大类' }).getByRole('button', { name: '安全隐患' }).click()
    const safety = (await must('dispatcher', 'GET', `/api/incidents?division=${await home()}&group=safety&limit=200`)) as { incidents: { id: string }[]; total: number }
    await expect.poll(async () => (await listed(page)).slice(0, 20)).toEqual(safety.incidents.slice(0, 20).map((i) => i.id))
    await page.getByRole('button', { name: '清除筛选' }).click()
    await expect.poll(async () => (await listed(page)).length).toBe(50)
  })

  test('a link opens an incident: what, where, whose grid; a click leads to the grid', async () => {
    const made = await reported('dispatcher', { kind: 'road', contact: { name: '测试甲', phone: '19999990001' } })
    const there = await reported('dispatcher')
    const { page } = await visit({ as: 'dispatcher', hash: '#incident=' + made.id })
    const panel = page.getByRole('complementary', { name: '事件详情' })
    await panel.getByText(made.text).waitFor()
    const text = await panel.innerText()
    for (const part of ['道路破损', '一般', made.id, made.place, '演示调度员', `${made.lon.toFixed(6)}, ${made.lat.toFixed(6)}`, '199****0001']) expect(text).toContain(part)
    expect(text).not.toContain('19999990001')
    await panel.locator(`[data-incident="${there.id}"]`).waitFor() // the history of the place
    await panel.getByRole('button', { name: /^打开网格/ }).click()
    await page.getByRole('complementary', { name: '所选网格' }).getByText('四至').waitFor()
    expect(place(page).get('grid')).toBe(made.grid.code)
    expect(place(page).get('incident')).toBeNull()
  })

  test('whom to call is shown for a reason, for this view alone, and it is in the trail', async () => {
    const made = await reported('dispatcher', { text: '请回电 19999990002', contact: { name: '测试乙', phone: '19999990002' } })
    const other = await reported('dispatcher')
    const { page } = await atDesk('dispatcher', '#incident=' + made.id)
    const panel = page.getByRole('complementary', { name: '事件详情' })
    await panel.getByRole('button', { name: /显示完整/ }).click()
    await panel.getByLabel('查看原因').fill('回电')
    await page.keyboard.press('Enter')
    await panel.getByText('请写明原因，至少 4 个字').waitFor()
    expect(await page.content()).not.toContain('19999990002')
    await panel.getByLabel('查看原因').fill('测试核实 ' + made.id)
    await page.keyboard.press('Enter')
    await panel.getByText('已记入审计记录').waitFor()
    expect(await panel.innerText()).toContain('测试乙')
    expect(await panel.getByRole('link', { name: /19999990002/ }).getAttribute('href')).toBe('tel:19999990002')
    expect(await panel.locator('.said').innerText()).toBe('请回电 19999990002')
    await page.locator(`#incidents [data-incident="${other.id}"]`).click()
    await panel.getByText(other.text).waitFor()
    await page.goBack()
    await panel.getByText(made.id).waitFor()
    expect(await page.content()).not.toContain('19999990002')
    const trail = (await must('auditor', 'GET', '/api/trail?action=incident.unmasked&limit=50')) as { entries: { reason: string; subject: string }[] }
    expect(trail.entries.filter((e) => e.subject.includes(made.id.split('-')[1]!)).map((e) => e.reason)).toEqual(['测试核实 ' + made.id])
  })

  test('one is reported with a click on the map, and found there', async () => {
    const g = await homeGrid()
    const text = '测试点图 ' + fresh()
    const { page } = await visit({ as: 'dispatcher', hash: onto({ lon: g.label[0]!, lat: g.label[1]! }), map: true })
    await live(page)
    await page.getByRole('button', { name: '上报事件' }).click()
    const box = (await page.locator('#map').boundingBox())!
    await page.mouse.click(box.x + box.width / 2 - 40, box.y + box.height / 2 - 30)
    const form = page.getByRole('complementary', { name: '上报事件' })
    await form.getByPlaceholder('查找类型').fill('燃气')
    await page.keyboard.press('Enter')
    await page.keyboard.type(text)
    expect(await form.getByRole('radio', { name: /特急/ }).getAttribute('aria-checked')).toBe('true')
    await form.getByRole('radio', { name: '紧急', exact: true }).click()
    await form.getByText('所属网格', { exact: true }).waitFor()
    await form.getByLabel('电话').fill('19999990003')
    await form.getByRole('button', { name: '上报', exact: true }).click()
    await page.locator('#toast').getByText('已上报').waitFor()
    const [made, ...more] = await withText(text)
    expect(more).toEqual([])
    expect(made).toMatchObject({ kind: 'gas', severity: 2, crs: 'wgs84', contact: { phone: '199****0003' } })
    await page.locator('#toast').getByRole('button', { name: '查看' }).click()
    await page.getByRole('complementary', { name: '事件详情' }).getByText(text).waitFor()
  })

  test('near a border both grids are named, and one has to be chosen', async () => {
    const at = await border()
    const text = '测试边界 ' + fresh()
    const { page } = await visit({ as: 'dispatcher', hash: onto(at) })
    const form = await beginReport(page)
    await form.getByRole('button', { name: '道路破损' }).click()
    await page.keyboard.type(text)
    await putPosition(page, at.lon, at.lat)
    const choices = form.getByRole('radiogroup', { name: /20 米以内/ })
    await choices.waitFor()
    expect(await choices.getByRole('radio').evaluateAll((all) => all.map((r) => (r as HTMLInputElement).value))).toEqual(at.grids)
    await form.getByRole('button', { name: '上报', exact: true }).click()
    await choices.getByText('请选择由哪个网格处理').waitFor()
    expect(await withText(text)).toEqual([])
    await choices.getByRole('radio').nth(1).check()
    await form.getByRole('button', { name: '上报', exact: true }).click()
    await page.locator('#toast').getByText('已上报').waitFor()
    const [made] = await withText(text)
    expect(made).toMatchObject({ grid: { code: at.grids[1] }, near_border: true })
    await page.locator('#toast').getByRole('button', { name: '查看' }).click()
    await page.getByText('上报人选定了相邻的这个网格').waitFor()
  })

  test('outside of all grids nothing can be reported, and the form says why', async () => {
    const { page, requests } = await visit({ as: 'dispatcher' })
    const form = await beginReport(page)
    await form.getByRole('button', { name: '道路破损' }).click()
    await page.keyboard.type('测试')
    await putPosition(page, 110.5, 36.5)
    await form.getByText('此处不能上报').waitFor()
    await form.getByText('不在任何已登记的区划之内').waitFor()
    const send = form.getByRole('button', { name: '上报', exact: true })
    expect(await send.getAttribute('aria-disabled')).toBe('true')
    expect(await page.locator('#' + (await send.getAttribute('aria-describedby'))).textContent()).toContain('位置不在任何网格之内')
    await send.click({ force: true })
    expect(requests.filter((r) => /\/api\/incidents$/.test(r))).toEqual([])
  })

  test('a position in another system is taken for what it is', async () => {
    const g = await homeGrid()
    const { page } = await visit({ as: 'dispatcher' })
    const form = await beginReport(page)
    await form.getByRole('combobox', { name: '坐标系' }).selectOption('gcj02')
    // Some 600 m off, as Amap would write the middle of the grid: asked of the server the other way round.
    let [x, y] = [g.label[0]!, g.label[1]!]
    for (let n = 0; n < 4; n++) {
      const back = await must('dispatcher', 'GET', `/api/grids/at?lon=${x}&lat=${y}&crs=gcj02`).catch(() => undefined)
      if (!back) break
      x += g.label[0]! - back.lon
      y += g.label[1]! - back.lat
    }
    await form.getByLabel('经度').fill(`${x.toFixed(6)}, ${y.toFixed(6)}`) // both at once, as maps copy them
    await form.getByText('所属网格', { exact: true }).waitFor()
    await form.getByRole('button', { name: '噪音扰民' }).click()
    const text = '测试坐标 ' + fresh()
    await page.keyboard.type(text)
    await form.getByRole('button', { name: '上报', exact: true }).click()
    await page.locator('#toast').getByText('已上报').waitFor()
    const [made] = await withText(text)
    expect(made!.crs).toBe('gcj02')
    expect(made!.grid.code).toBe(g.code)
    expect(made!.lon).toBeCloseTo(g.label[0]!, 4)
  })

  test('what the server refuses is said beside what it is about', async () => {
    const own = demo('grid-worker').code.slice(0, 12)
    const other = (await must('dispatcher', 'GET', `/api/grids?division=${await home()}&limit=2000`)).grids.find((g: { code: string }) => !g.code.startsWith(own))
    const { page } = await visit({ as: 'grid-worker' })
    const form = await beginReport(page)
    await form.getByRole('button', { name: '道路破损' }).click()
    await page.keyboard.type('测试越界')
    await putPosition(page, other.label[0], other.label[1])
    await form.getByText('所属网格', { exact: true }).waitFor()
    await form.getByRole('button', { name: '上报', exact: true }).click()
    await form.getByRole('group', { name: '位置' }).getByText('不在您可以上报的范围内').waitFor()
    expect(await form.locator('textarea').inputValue()).toBe('测试越界')
  })

  test('what is missing is said where it is missing', async () => {
    const { page } = await visit({ as: 'dispatcher' })
    const form = await beginReport(page)
    await form.getByRole('button', { name: '上报', exact: true }).click()
    await form.locator('.fault').getByText('请选择事件类型', { exact: true }).waitFor()
    await form.getByRole('button', { name: '路灯故障' }).click()
    await form.getByLabel('电话').fill('打给我')
    await form.getByRole('button', { name: '上报', exact: true }).click()
    await form.getByText('请写明发生了什么', { exact: true }).waitFor()
    await form.getByText('电话应为 3 至 20 位数字', { exact: false }).first().waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
  })

  test('without a connection a report waits, outlives the page, and is sent once; whom to call is not on the disk', async () => {
    const g = await homeGrid()
    const text = '测试断网 ' + fresh()
    const { page, context } = await visit({ as: 'dispatcher', hash: onto({ lon: g.label[0]!, lat: g.label[1]! }) })
    await live(page)
    const form = await beginReport(page)
    await form.getByRole('button', { name: '路灯故障' }).click()
    await page.keyboard.type(text)
    await form.getByLabel('姓名').fill('测试丙')
    await form.getByLabel('电话').fill('19999990004')
    await form.getByText('所属网格', { exact: true }).waitFor()
    await context.setOffline(true)
    await form.getByRole('button', { name: '上报', exact: true }).click()
    await page.locator('#waiting').getByText('等待发送').waitFor()
    expect(await page.locator('#waiting').innerText()).toContain(text)
    const stored = await page.evaluate(() => JSON.stringify(localStorage))
    expect(stored).toContain(text)
    for (const secret of ['19999990004', '测试丙']) expect(stored).not.toContain(secret)
    expect(await withText(text)).toEqual([])
    await context.setOffline(false)
    await page.locator('#toast').getByText('先前没发出的报告已上报').waitFor()
    await page.locator('#waiting').waitFor({ state: 'detached' })
    expect((await withText(text)).map((i) => i.contact?.phone)).toEqual(['199****0004'])
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(text)
  })

  test('a report whose answer got lost is one incident, also when it goes out again after a reload', async () => {
    const g = await homeGrid()
    const text = '测试重发 ' + fresh()
    const { page } = await visit({ as: 'dispatcher', hash: onto({ lon: g.label[0]!, lat: g.label[1]! }) })
    await live(page)
    const form = await beginReport(page)
    await form.getByRole('button', { name: '路灯故障' }).click()
    await page.keyboard.type(text)
    await form.getByText('所属网格', { exact: true }).waitFor()
    let lost = 0
    await page.route('**/api/incidents', async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      lost++
      await route.fetch() // the server has it
      await route.abort('connectionreset') // and nobody hears of it
    })
    await form.getByRole('button', { name: '上报', exact: true }).click()
    await page.locator('#waiting').waitFor()
    await expect.poll(() => lost).toBeGreaterThan(0)
    await page.reload()
    await page.unroute('**/api/incidents') // not before: the page that is left would send it again, and this one have nothing to send
    await page.locator('#toast').getByText('先前没发出的报告已上报').waitFor()
    await page.locator('#waiting').waitFor({ state: 'detached' })
    expect((await withText(text)).length).toBe(1)
  })

  test('nobody loses a report by Escape, and one that was not begun goes at once', async () => {
    const { page } = await visit({ as: 'dispatcher' })
    await page.keyboard.press('r')
    await page.getByText('在地图上点一下事发位置').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('在地图上点一下事发位置').waitFor({ state: 'detached' })
    const form = await beginReport(page)
    await form.getByRole('button', { name: '道路破损' }).click()
    await page.keyboard.type('写了一半')
    await page.keyboard.press('Escape')
    const dialog = page.getByRole('dialog', { name: '放弃这份报告？' })
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    expect(await form.locator('textarea').inputValue()).toBe('写了一半')
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: '放弃' }).click()
    await form.waitFor({ state: 'detached' })
  })

  test('incidents can be switched off on the map', async () => {
    const made = await reported('dispatcher', { kind: 'noise' })
    const { page } = await visit({ as: 'dispatcher', hash: onto(made), map: true })
    await expect.poll(() => pointedAt(page)).toMatch(/刚刚|分钟前/)
    await page.getByRole('button', { name: '图层' }).click()
    await page.getByRole('checkbox', { name: '事件' }).uncheck()
    await expect.poll(() => pointedAt(page)).not.toMatch(/刚刚|分钟前/)
  })

  test('on a phone: list, detail and form are sheets, and the form does without a keyboard first', async () => {
    await reported('dispatcher')
    const { page } = await atDesk('dispatcher', '', { width: 390, height: 844 })
    await page.locator('#incidents .row').first().click()
    const panel = page.getByRole('complementary', { name: '事件详情' })
    await panel.locator('.said').waitFor()
    expect(await page.locator('#incidents').count()).toBe(0)
    const box = (await panel.boundingBox())!
    expect([box.x, box.width]).toEqual([0, 390])
    await panel.getByRole('button', { name: '关闭' }).click()
    await page.getByRole('button', { name: '上报事件' }).click()
    await page.getByRole('button', { name: '用地图中央' }).click()
    const form = page.getByRole('complementary', { name: '上报事件' })
    await form.waitFor()
    const send = (await form.getByRole('button', { name: '上报', exact: true }).boundingBox())!
    expect(send.height).toBeGreaterThanOrEqual(44)
    expect(send.y + send.height).toBeLessThanOrEqual(844)
    for (const kind of await form.locator('.of button').all()) expect((await kind.boundingBox())!.height).toBeGreaterThanOrEqual(44)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  })

  test('a link to foreign ground says no more than that there is none to see', async () => {
    const own = demo('grid-worker').code.slice(0, 12)
    const other = (await must('dispatcher', 'GET', `/api/grids?division=${await home()}&limit=2000`)).grids.find((g: { code: string }) => !g.code.startsWith(own))
    const made = await reported('dispatcher', { lon: other.label[0], lat: other.label[1] })
    expect((await incident(made.id)).grid.code).toBe(other.code)
    const { page } = await visit({ as: 'grid-worker', hash: '#incident=' + made.id })
    await page.getByText('没有这起事件').waitFor()
    expect(await page.content()).not.toContain(made.text)
  })
})
