// Micro-grids: a grid is cut by the engine, homes go from one micro-grid to another, and what was made is live after it was published.

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { MicroGrids, MicroHome } from '../src/api/draftmicro'
import { faults } from './axe'
import { leave, noServer, picture, start, stop } from './browser'
import { demo, must } from './people'
import { acted, atDraft, begun, boardOf, Hands, opened, pixelOf, ready, rowOf, saved } from './plan'

const micro = (id: string, grid: string): Promise<MicroGrids> => must('planner', 'GET', `/api/drafts/${id}/micro-grids?grid=${grid}`) as Promise<MicroGrids>
const homeKey = ({ block, building, entrance }: MicroHome) => ({ block, building, ...(entrance ? { entrance } : {}) })
const same = (a: MicroHome, b: MicroHome) => a.block === b.block && a.building === b.building && a.entrance === b.entrance

/** A large ordinary grid with its own look, not the grid worker's. */
async function grown(id: string) {
  const board = await boardOf(id)
  const slots = board.slots.map((s, i) => ({ s, i })).filter(({ s }) => s.blocks && !s.special && s.key !== demo('grid-worker').code)
  const { s, i } = slots.toSorted((a, b) => b.s.residents - a.s.residents)[0]!
  return { board, key: s.key, residents: s.residents, at: board.labelOf(i)! as [number, number] }
}

async function open(page: Page, key: string) {
  await rowOf(page, key).locator('button.pick').click()
  await page.locator('#micro-open').click()
  await page.locator('#micro[data-loaded="true"]').waitFor()
}
const two = (n: number) => String(n).padStart(2, '0')
const cell = async (page: Page, n: number, column: number) => Number((await page.locator(`tr[data-micro="${n}"] td`).nth(column).innerText()).replace(/\D/g, ''))
const dots = async (page: Page, h: MicroHome) => {
  const p = await pixelOf(page, h.at)
  await page.mouse.click(p.x, p.y)
}

describe.skipIf(noServer)('micro-grids', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('task: cut a grid into micro-grids, move a home, undo, name, merge, publish, and find it so again', { timeout: 300_000 }, async () => {
    const head = await begun()
    const { key, residents, at } = await grown(head.id)
    const { page, complaints } = await atDraft(head.id, 'planner', { over: { at, zoom: 16.4 }, map: true })
    const hands = new Hands(page)
    await open(page, key)
    hands.clicks += 2
    await hands.click('#micro-plan')
    await page.locator('tr[data-micro]').first().waitFor()
    await saved(page)
    const planned = await micro(head.id, key)
    expect(planned.without).toBe(0)
    expect(planned.homes.reduce((n, h) => n + h.residents, 0)).toBe(residents)
    for (const m of planned.micro_grids) expect([await cell(page, m.number, 3), await cell(page, m.number, 4), await cell(page, m.number, 5)]).toEqual([m.homes, m.households, m.residents])

    // A home is chosen on the map by its dot, and given to another micro-grid.
    await hands.click('#micro header .icon-button:last-child') // all of it
    await page.waitForTimeout(700)
    await picture(page, 'plan-micro-planned-1366x768')
    const to = planned.micro_grids.toSorted((a, b) => a.homes - b.homes)[0]!
    const alone = (h: MicroHome) => Math.min(...planned.homes.filter((o) => o !== h).map((o) => Math.hypot(o.at[0] - h.at[0], o.at[1] - h.at[1])))
    const view = (await page.locator('#map').boundingBox())!
    const seen = async (h: MicroHome) => {
      const p = await pixelOf(page, h.at)
      return p.x > view.x + 120 && p.x < view.x + view.width - 40 && p.y > view.y + 40 && p.y < view.y + view.height - 60
    }
    const visible = new Set((await Promise.all(planned.homes.map(async (h) => ((await seen(h)) ? h : undefined)))).filter((h) => h !== undefined))
    const home = planned.homes.filter((h) => visible.has(h) && h.micro !== to.number && planned.homes.filter((o) => o.micro === h.micro).length > 1).toSorted((a, b) => alone(b) - alone(a))[0]!
    const from = planned.micro_grids.find((m) => m.number === home.micro)!
    await dots(page, home)
    hands.clicks++
    await page.locator('#micro-picked').waitFor()
    expect(await page.locator('#micro-picked b').innerText()).toBe(`已选 1 处，${home.households} 户`)
    await picture(page, 'plan-micro-chosen-1366x768')
    await hands.click(`tr[data-micro="${to.number}"] .into`)
    await expect.poll(() => cell(page, to.number, 4)).toBe(to.households + home.households)
    expect(await cell(page, from.number, 4)).toBe(from.households - home.households)
    const now = await micro(head.id, key)
    expect(now.homes.find((h) => same(h, home))!.micro).toBe(to.number)
    expect(await page.locator('#micro-picked').count()).toBe(0)
    await hands.press('Control+z')
    await expect.poll(() => cell(page, from.number, 4)).toBe(from.households)
    expect((await micro(head.id, key)).homes).toEqual(planned.homes)
    await hands.press('Control+Shift+z')
    await expect.poll(() => cell(page, to.number, 4)).toBe(to.households + home.households)

    // One of its own, with a name; and two made one.
    await page.locator(`tr[data-micro="${to.number}"] .number`).click()
    await page.locator(`[data-home="${home.block} ${home.building} ${home.entrance ?? ''}"]`).click()
    await hands.click('#micro-fresh')
    const fresh = Math.max(...planned.micro_grids.map((m) => m.number)) + 1
    await page.locator(`tr[data-micro="${fresh}"] .number`).click()
    await page.getByLabel(`微网格 ${two(fresh)} 的名称`).fill('银杏院')
    await page.keyboard.press('Enter')
    await saved(page)
    await page.locator(`tr[data-micro="${fresh}"] .number`).click()
    await expect.poll(() => page.locator(`tr[data-micro="${fresh}"] td.name`).innerText()).toBe('银杏院')
    expect(await page.locator('#micro-merge').getAttribute('aria-disabled')).toBe('true')
    const [a, b] = planned.micro_grids.filter((m) => m.number !== from.number && m.number !== to.number)
    for (const m of [a!, b!]) await page.getByLabel(`勾选微网格 ${two(m.number)}`, { exact: true }).check()
    await hands.click('#micro-merge')
    await expect.poll(() => page.locator('tr[data-micro]').count()).toBe(planned.micro_grids.length)
    await saved(page)
    const want = await micro(head.id, key)
    expect(want.micro_grids.some((m) => m.households === a!.households + b!.households && m.homes === a!.homes + b!.homes)).toBe(true)
    expect(await faults(page)).toEqual([])
    await picture(page, 'plan-micro-1366x768')

    // It is told, published, and there again.
    await page.keyboard.press('Alt+4')
    await page.locator('#micro-changes').getByText(`0 → ${want.micro_grids.length} 个`).waitFor()
    expect(await page.locator('#micro-changes').innerText()).toContain('1 个改名')
    await page.keyboard.press('Alt+5')
    await hands.click('#publish')
    await page.locator('.head .state.published').waitFor({ timeout: 60_000 })
    hands.report('cut a grid into micro-grids, change them, publish')
    const again = await begun()
    try {
      const next = await atDraft(again.id, 'planner', { over: { at, zoom: 16.4 }, map: true, width: 1920, height: 1080 })
      await open(next.page, key)
      await next.page.locator(`tr[data-micro="${fresh}"] td.name`).getByText('银杏院').waitFor()
      await next.page.reload()
      await ready(next.page)
      await open(next.page, key)
      for (const m of want.micro_grids) expect([await cell(next.page, m.number, 3), await cell(next.page, m.number, 4)]).toEqual([m.homes, m.households])
      await picture(next.page, 'plan-micro-1920x1080')
      const csv = String(await must('planner', 'GET', `/api/export/micro-grids.csv?division=${head.division.code}`))
      expect(csv.split('\r\n').filter((l) => l.includes(`${key}${two(fresh)},银杏院`)).length).toBe(1)
      expect(next.complaints).toEqual([])
    } finally {
      // What other tests begin with has no micro-grids.
      await acted(again.id, { kind: 'micro-move', grid: key, homes: (await micro(again.id, key)).homes.map(homeKey) })
      await must('planner', 'POST', `/api/drafts/${again.id}/publish`, { note: '' })
    }
    expect(complaints).toEqual([])
  })

  test('a block that goes to another grid takes its homes out of their micro-grid; the problem says so, and a remedy plans anew', { timeout: 180_000 }, async () => {
    const head = await begun()
    const { board, key, at } = await grown(head.id)
    const slot = board.slots.indexOf(board.find(key)!)
    await acted(head.id, { kind: 'micro-plan', grid: key })
    const planned = await micro(head.id, key)
    const beside = board.neighboursOf(slot).find((s) => board.slots[s]!.community === board.slots[slot]!.community && !board.slots[s]!.special)!
    const to = board.slots[beside]!.key
    // The lasso on the map chooses the homes of a place.
    const { page, complaints } = await atDraft(head.id, 'planner', { over: { at, zoom: 16.4 }, map: true })
    await open(page, key)
    await page.locator('tr[data-micro]').first().waitFor()
    await page.locator('#micro-lasso').click()
    const spots = await Promise.all(planned.homes.map(async (h) => ({ h, ...(await pixelOf(page, h.at)) })))
    const box = (await page.locator('#map').boundingBox())!
    const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    const near = spots.filter((s) => Math.hypot(s.x - centre.x, s.y - centre.y) < 130)
    await page.mouse.move(centre.x + 130, centre.y)
    await page.mouse.down()
    for (let i = 1; i <= 40; i++) await page.mouse.move(centre.x + 130 * Math.cos((i * Math.PI) / 20), centre.y + 130 * Math.sin((i * Math.PI) / 20))
    await page.mouse.up()
    const edge = spots.filter((s) => Math.abs(Math.hypot(s.x - centre.x, s.y - centre.y) - 130) < 4).length
    const chosen = Number(/已选 ([\d,]+) 处/.exec(await page.locator('#micro-picked b').innerText())![1]!.replace(',', ''))
    expect(Math.abs(chosen - near.length)).toBeLessThanOrEqual(edge)
    expect(chosen).toBeGreaterThan(1)
    await page.keyboard.press('Escape')
    await page.locator('#micro').waitFor({ state: 'detached' })

    const block = planned.homes.map((h) => h.block).find((b) => {
      const i = board.t.indexOf.get(b)!
      for (let k = board.t.arcStart[i]!; k < board.t.arcStart[i + 1]!; k++) {
        const arc = board.t.arcsOf[k]! < 0 ? ~board.t.arcsOf[k]! : board.t.arcsOf[k]!
        if (board.sides(arc).includes(beside)) return true
      }
      return false
    })!
    await acted(head.id, { kind: 'assign', blocks: [block], grid: to })
    const lost = planned.homes.filter((h) => h.block === block).reduce((n, h) => n + h.households, 0)
    const problem = (await opened(head.id)).problems.find((p) => p.id === 'micro:' + to)!
    expect(problem.text.zh).toContain(`有 ${lost} 户不在任何微网格中`)
    expect(problem.forbids).toBe(false)
    await page.reload()
    await ready(page)
    await page.keyboard.press('Alt+2')
    await page.locator(`li[data-problem="micro:${to}"] .row`).click()
    await page.locator('.remedy').first().click()
    await page.locator(`li[data-problem="micro:${to}"]`).waitFor({ state: 'detached' })
    await saved(page)
    const remedied = await micro(head.id, to)
    expect([remedied.without, remedied.micro_grids.length > 0]).toEqual([0, true])
    expect(complaints).toEqual([])
  })

  test('in English, and a leader who only looks sees them and changes nothing', async () => {
    const head = await begun()
    const { key, at } = await grown(head.id)
    await acted(head.id, { kind: 'micro-plan', grid: key })
    await must('planner', 'POST', `/api/drafts/${head.id}/state`, { to: 'handed-in' })
    const { page, complaints } = await atDraft(head.id, 'leader', { over: { at, zoom: 16.4 }, map: true, before: (p) => p.addInitScript(() => localStorage.setItem('jingwei.lang', 'en')) })
    await page.keyboard.press('Alt+1')
    await open(page, key)
    await page.locator('tr[data-micro]').first().waitFor()
    expect(await page.locator('#micro h2').innerText()).toMatch(/^Micro-grids of /)
    expect(await page.locator('#micro-plan, #micro-merge, .into, #micro input').count()).toBe(0)
    await picture(page, 'plan-micro-english-1366x768')
    expect(await faults(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})
