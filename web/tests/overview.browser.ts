// The overview as its users meet it: one behaviour a test. Where a test points at a grid it is a planner who does: for others an incident
// may lie over it.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { codeBeside } from '../src/domain/code'
import { outOfBand } from '../src/domain/stepping'
import { address, ask, division, drawn, figures, grid, grids, home, leave, meta, middle, noServer, over, place, start, stop, visit, below } from './browser'

const n = (x: number) => x.toLocaleString('zh-CN')

describe.skipIf(noServer)('the overview', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('opens on the division that has grids, with its figures', async () => {
    const code = await home()
    const [f, d] = [await figures(code), await division(code)]
    const { page, complaints } = await visit()
    await expect.poll(() => page.getByRole('navigation').textContent()).toContain(d.name)
    const strip = page.getByRole('region', { name: '当前区划的指标' })
    await strip.getByText('居民').waitFor()
    const text = await strip.innerText()
    // of special grids no number of residents is asked
    for (const number of [n(f.grids), n(f.residents), `${n(f.in_band)} / ${n(f.grids - f.special_grids)}`]) expect(text).toContain(number)
    expect(place(page).get('division')).toBe(code)
    expect(complaints).toEqual([])
  })

  test('asks no other origin for anything, whatever is opened', async () => {
    const [g] = await grids(await home())
    const { page, requests } = await visit({ as: 'planner', map: true, hash: over(g!, 16.5) })
    await page.getByRole('radio', { name: '人口' }).click()
    await drawn(page)
    await page.getByRole('button', { name: /^达标网格/ }).click()
    const at = await middle(page)
    await page.mouse.click(at.x, at.y)
    await page.getByRole('complementary', { name: '所选网格' }).getByText('四至').waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await drawn(page)
    expect(requests.length).toBeGreaterThan(15)
    expect(requests.filter((r) => !r.startsWith(address + '/') && !r.startsWith('blob:' + address) && !r.startsWith('data:'))).toEqual([])
  })

  test('the pointer is told which grid it is over', async () => {
    const [g] = await grids(await home())
    const { page } = await visit({ as: 'planner', map: true, hash: over(g!, 16.5) })
    const at = await middle(page)
    await page.mouse.move(at.x, at.y, { steps: 4 })
    const label = page.locator('.glimpse')
    await expect.poll(() => label.isVisible()).toBe(true)
    expect(await label.textContent()).toContain(g!.name || g!.code.slice(-3))
    expect(await label.textContent()).toContain(n(g!.residents))
  })

  test('the pointer is told which facility it is over, in either language, unless they are switched off', async () => {
    const school = (await grids(await home())).find((g) => g.special === 'school')
    if (!school) throw new Error('the server has no grid of a school: the test needs one')
    const { page } = await visit({ as: 'planner', map: true, hash: over(school, 16.5) })
    const kind = page.locator('.glimpse b')
    const says = async (x: number, y: number) => {
      await page.mouse.move(x, y)
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
      return (await kind.textContent()) ?? ''
    }
    // The badge stands on that side of the grid's label that is free; how far off depends on the school's grounds.
    const at = await middle(page)
    const near: { x: number; y: number; far: number }[] = []
    for (let dx = -128; dx <= 128; dx += 8)
      for (let dy = -128; dy <= 128; dy += 8) near.push({ x: at.x + dx, y: at.y + dy, far: Math.hypot(dx, dy) })
    near.sort((a, b) => a.far - b.far)
    let badge: { x: number; y: number } | undefined
    for (const p of near) {
      if (/^(学校|幼儿园)$/.test(await says(p.x, p.y))) {
        badge = p
        break
      }
    }
    if (!badge) throw new Error('no badge of a school beside its label')
    const away = { x: at.x - 300, y: at.y }
    await page.getByRole('button', { name: 'English' }).click()
    await says(away.x, away.y)
    expect(await says(badge.x, badge.y)).toMatch(/^(School|Kindergarten)$/)
    await page.getByRole('button', { name: 'Layers' }).click()
    await page.getByLabel('Facilities').uncheck()
    await drawn(page)
    await says(away.x, away.y)
    expect(await says(badge.x, badge.y)).not.toMatch(/^(School|Kindergarten)$/)
  })

  test('following the pointer renders no component', async () => {
    const [g] = await grids(await home())
    const { page } = await visit({ as: 'planner', map: true, hash: over(g!, 15.5) })
    const at = await middle(page)
    await page.mouse.move(at.x, at.y)
    await page.waitForTimeout(300)
    await page.evaluate(() => {
      const seen: string[] = []
      Object.assign(window, { seen })
      new MutationObserver((all) => {
        for (const m of all) {
          const el = m.target instanceof Element ? m.target : m.target.parentElement
          if (!el?.closest('.glimpse') && !el?.closest('#map')) seen.push(el?.outerHTML.slice(0, 120) ?? '')
        }
      }).observe(document.getElementById('app')!, { subtree: true, childList: true, attributes: true, characterData: true })
    })
    for (let i = 0; i < 40; i++) await page.mouse.move(at.x + i * 4 - 80, at.y + (i % 7) * 6)
    expect(await page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([])
  })

  test('a click on a grid opens what is known of it', async () => {
    const [first] = await grids(await home())
    const g = await grid(first!.code)
    const { page } = await visit({ as: 'planner', map: true, hash: over(g, 16.5) })
    const at = await middle(page)
    await page.mouse.click(at.x, at.y)
    const panel = page.getByRole('complementary', { name: '所选网格' })
    await panel.getByText('四至').waitFor()
    const text = await panel.innerText()
    expect(text).toContain(n(g.residents))
    for (const part of [g.code.slice(0, 6), g.code.slice(6, 9), g.code.slice(9, 12), g.code.slice(12)]) expect(text).toContain(part)
    expect(text).toContain(g.surroundings.text_zh)
    for (const neighbour of g.neighbours) expect(text).toContain(neighbour.code.slice(-3))
    expect(place(page).get('grid')).toBe(g.code)
  })

  test('Escape closes the panel, back opens it again, forward closes it', async () => {
    const [g] = await grids(await home())
    const { page } = await visit({ as: 'planner', map: true, hash: over(g!, 16.5) })
    const at = await middle(page)
    await page.mouse.click(at.x, at.y)
    const panel = page.getByRole('complementary', { name: '所选网格' })
    await panel.waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    expect(place(page).get('grid')).toBeNull()
    await page.goBack()
    await panel.waitFor()
    expect(place(page).get('grid')).toBe(g!.code)
    await page.goForward()
    await panel.waitFor({ state: 'detached' })
  })

  test('a neighbour is one click away', async () => {
    const g = (await Promise.all((await grids(await home())).slice(0, 12).map((s) => grid(s.code)))).find((s) => s.neighbours.length > 0)!
    const { page } = await visit({ hash: `#grid=${g.code}` })
    const panel = page.getByRole('complementary', { name: '所选网格' })
    const to = g.neighbours[0]!
    await panel.getByRole('button', { name: new RegExp(`^网格 ${codeBeside(to.code, g.code).join(' ')}，共同边界`) }).click()
    await expect.poll(() => place(page).get('grid')).toBe(to.code)
    await expect.poll(() => panel.locator('#code').getAttribute('aria-label')).toBe(to.code)
  })

  test('/ searches, the arrows choose, Enter goes there', async () => {
    const all = await grids(await home())
    const wanted = all[Math.floor(all.length / 2)]!
    const { page } = await visit()
    await page.keyboard.press('/')
    await page.keyboard.type(wanted.code)
    const options = page.getByRole('option')
    await expect.poll(() => options.count()).toBe(1)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => place(page).get('grid')).toBe(wanted.code)
    await page.getByRole('complementary', { name: '所选网格' }).waitFor()
  })

  test('a facility is found by its kind, and a place by its position', async () => {
    const { page } = await visit({ map: true })
    const seen = async (query: string, group: string) => {
      await page.keyboard.press('/')
      await page.keyboard.type(query)
      const option = page.getByRole('group', { name: group }).getByRole('option').first()
      await option.waitFor()
      await option.click()
      await page.locator('.found').waitFor()
    }
    await seen('学校', '设施')
    const first = await ask<{ results: { kind: string; center: [number, number] }[] }>('/api/search?q=' + encodeURIComponent('学校'))
    const [lon, lat] = first.results.find((r) => r.kind === 'facility')!.center
    await expect.poll(() => place(page).get('map')?.split('/').map(Number)[0] ?? 0).toBeGreaterThan(16)
    await page.keyboard.press('Escape')
    await seen(`${lon}, ${lat}`, '地点')
    await expect.poll(() => {
      const [, y, x] = place(page).get('map')!.split('/').map(Number)
      return Math.max(Math.abs(x! - lon), Math.abs(y! - lat))
    }).toBeLessThan(0.002)
  })

  test('a search without results says so and what to try', async () => {
    const { page } = await visit()
    await page.keyboard.press('/')
    await page.keyboard.type('不存在的地方')
    await page.getByText('没有找到“不存在的地方”').first().waitFor()
    await page.getByText('可以输入编码的前几位').waitFor()
  })

  test('J goes to the grid farthest from the target, K from there to the last of them', async () => {
    const worst = outOfBand(await grids(await home()))
    const { page } = await visit()
    await page.getByRole('button', { name: '下一个未达标网格' }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: '下一个未达标网格' }).getAttribute('aria-disabled')).toBe(String(worst.length === 0))
    await page.keyboard.press('j')
    if (worst.length === 0) {
      expect(place(page).get('grid')).toBeNull()
      return
    }
    await expect.poll(() => place(page).get('grid')).toBe(worst[0]!.code)
    await page.keyboard.press('k')
    await expect.poll(() => place(page).get('grid')).toBe(worst[worst.length - 1]!.code)
  })

  test('what is disabled says why', async () => {
    const { page } = await visit({
      before: async (page) => {
        await page.route('**/api/grids?*', (route) => route.fulfill({ json: { grids: [], total: 0, next: null } }))
      },
    })
    const next = page.getByRole('button', { name: '下一个未达标网格' })
    await expect.poll(() => next.getAttribute('aria-disabled')).toBe('true')
    await next.hover()
    await page.getByRole('tooltip').getByText('没有未达标的网格').waitFor()
  })

  test('a figure opens to the list behind it, and a row of it to its grid', async () => {
    const all = await grids(await home())
    const { page } = await visit()
    await page.getByRole('button', { name: /^网格/ }).first().click()
    const list = page.getByRole('complementary', { name: '全部网格' })
    const rows = list.locator('.row')
    await expect.poll(() => rows.count()).toBe(Math.min(120, all.length))
    const first = all.toSorted((a, b) => (a.code < b.code ? -1 : 1))[0]!
    expect(await rows.first().getAttribute('data-code')).toBe(first.code)
    await rows.first().click()
    await expect.poll(() => place(page).get('grid')).toBe(first.code)
  })

  test('the list of grids out of band holds them all, the worst first', async () => {
    const worst = outOfBand(await grids(await home()))
    const { page } = await visit()
    await page.getByRole('button', { name: /^达标网格/ }).click()
    const list = page.getByRole('complementary', { name: '未达标网格' })
    await list.waitFor()
    await expect.poll(() => list.locator('.row').count()).toBe(worst.length)
    const shown = await list.locator('.row').evaluateAll((rows) => rows.map((r) => r.getAttribute('data-code')))
    expect(shown).toEqual(worst.map((g) => g.code))
  })

  test('a figure says its source and time to whoever focuses it', async () => {
    const f = await figures(await home())
    const { page } = await visit()
    const figure = page.getByRole('button', { name: /^居民/ })
    await figure.waitFor()
    await page.getByRole('combobox').focus()
    await figure.focus()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Tab')
    const tip = page.getByRole('tooltip')
    await tip.getByText('来源').waitFor()
    expect(await tip.textContent()).toContain(`第 ${f.version} 版布局`)
  })

  test('English is complete, and remembered', async () => {
    const { page } = await visit()
    await page.keyboard.press('l')
    await page.getByRole('region', { name: 'Figures of the division in view' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
    await page.goto(address + '/')
    await page.getByRole('region', { name: 'Figures of the division in view' }).waitFor()
    expect(await page.title()).toBe('Jingwei · grid map')
  })

  test('a link shows what its sender saw', async () => {
    const code = await home()
    const [, g] = await grids(code)
    const { page } = await visit({ hash: over(g!, 16, `&division=${code}&grid=${g!.code}&mode=population&lang=en`) })
    await page.getByRole('complementary', { name: 'Selected grid' }).waitFor()
    expect(await page.getByRole('radio', { name: 'Population' }).getAttribute('aria-checked')).toBe('true')
    const [zoom, lat, lon] = place(page).get('map')!.split('/').map(Number) as [number, number, number]
    expect(zoom).toBeCloseTo(16, 1)
    expect(lat).toBeCloseTo(g!.label[1]!, 4)
    expect(lon).toBeCloseTo(g!.label[0]!, 4)
  })

  test('the population is asked for when it is looked at, and says what it leaves out', async () => {
    const { page, requests } = await visit()
    const cells = () => requests.filter((r) => /\/tiles\/population\/\d/.test(r)).length
    expect(cells()).toBe(0)
    await page.keyboard.press('2')
    await page.getByText('不足 10 人的六边形不显示').waitFor()
    await expect.poll(cells).toBeGreaterThan(0)
    expect(place(page).get('mode')).toBe('population')
  })

  test('block borders come when one looks closely, and the switch says so before', async () => {
    const [g] = await grids(await home())
    const { page, requests } = await visit({ hash: over(g!, 15.2) })
    const blocks = () => requests.filter((r) => /\/tiles\/blocks\/\d/.test(r)).length
    await page.getByRole('button', { name: '图层' }).click()
    const why = await page.getByRole('checkbox', { name: '单元边界' }).getAttribute('aria-describedby')
    expect(await page.locator('#' + why).textContent()).toContain('放大')
    expect(blocks()).toBe(0)
    await page.getByRole('button', { name: '放大' }).click()
    await expect.poll(blocks).toBeGreaterThan(0)
  })

  test('the tree can be walked down and up', async () => {
    const code = await home()
    const d = await division(code)
    const children = await below(code)
    const { page } = await visit()
    const nav = page.getByRole('navigation', { name: '当前区划' })
    await nav.getByRole('button', { name: new RegExp(d.name) }).click()
    if (children.length === 0) {
      await nav.getByText('没有下级区划').waitFor()
      return
    }
    const child = children[0]!
    const f = await figures(child.code)
    await nav.getByRole('button', { name: child.name }).click()
    await expect.poll(() => place(page).get('division')).toBe(child.code)
    await expect.poll(() => page.getByRole('button', { name: /^网格/ }).first().innerText()).toContain(n(f.grids))
    await nav.getByRole('button', { name: d.name, exact: true }).click()
    await expect.poll(() => place(page).get('division')).toBe(code)
  })

  test('the map can be walked with the keyboard, and Enter picks the grid in its middle', async () => {
    const [g] = await grids(await home())
    const { page } = await visit({ as: 'planner', map: true, hash: over(g!, 16.5) })
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter') // "skip to the map"
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('CANVAS')
    await page.keyboard.press('Enter')
    await expect.poll(() => place(page).get('grid')).toBe(g!.code)
    const before = place(page).get('map')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => place(page).get('map')).not.toBe(before)
  })

  test('everything in the bar can be reached with Tab, in the order it is read', async () => {
    const { page } = await visit()
    const reached: string[] = []
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab')
      reached.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? ''))
    }
    const order = ['跳到地图', '按编码或名称查找', '中文', 'English', '键盘快捷键'].map((name) => reached.indexOf(name))
    expect(order).not.toContain(-1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  test('? opens the shortcuts, Escape closes them', async () => {
    const { page } = await visit()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: '键盘快捷键' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  })

  test('a code can be copied', async () => {
    const [g] = await grids(await home())
    const { page } = await visit({ hash: `#grid=${g!.code}` })
    await page.getByRole('button', { name: '复制编码' }).click()
    await page.getByText('已复制').first().waitFor({ state: 'attached' })
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(g!.code)
  })

  test('a selection is told to screen readers', async () => {
    const [g] = await grids(await home())
    const { page } = await visit({ hash: `#grid=${g!.code}` })
    await expect.poll(() => page.locator('#said').textContent()).toContain(`已选中网格 ${g!.code}，居民 ${n(g!.residents)} 人`)
    expect(await page.locator('#said').getAttribute('aria-live')).toBe('polite')
  })

  test('the demo says that it is one', async () => {
    const { demo } = await meta()
    const { page } = await visit()
    expect(await page.getByText('示例数据').isVisible()).toBe(demo)
  })

  test('the map says whose ground it shows', async () => {
    const { demo } = await meta()
    const { page } = await visit()
    await expect.poll(() => page.locator('.maplibregl-ctrl-attrib').textContent()).toContain(demo ? '虚构' : 'OpenStreetMap')
  })
})
