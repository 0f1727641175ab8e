// What a planner draws: lines that split a grid, lines that a border is moved to, cuts; and what can't be drawn gets a sentence and changes nothing.

import type { Map as MapLibre } from 'maplibre-gl'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Acted, Line } from '../src/api/drafts'
import type { Board } from '../src/planning/board'
import { faults } from './axe'
import { drawn, leave, noServer, picture, place, start, stop } from './browser'
import { demo, send } from './people'
import { atDraft, begun, boardOf, ground, Hands, opened, peopleIn, pointOf, ready, rowOf, saved } from './plan'

/** Lines straight across the ground of a grid, from beyond one side to beyond the other. */
function* linesAcross(board: Board, slot: number): Generator<Line> {
  const [w, s, e, n] = board.boundsOf(board.blocksOf(slot))!
  const [dx, dy] = [(e - w) * 0.08, (n - s) * 0.08]
  for (const f of [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.2, 0.8]) {
    yield [[w - dx, s + (n - s) * f], [e + dx, s + (n - s) * f]]
    yield [[w + (e - w) * f, s - dy], [w + (e - w) * f, n + dy]]
    yield [[w - dx, s + (n - s) * f], [e + dx, n - (n - s) * f]]
  }
}

interface Asked {
  status: number
  body: Acted & { buildings?: { id: number; name: string }[] }
}

/** What an act would do, without doing it. */
const would = async (id: string, act: object): Promise<Asked> => {
  const { head } = await opened(id)
  return send('planner', 'POST', `/api/drafts/${id}/acts`, { revision: head.revision, preview: true, ...act })
}

/** The first grid and line across it of which an act turns out as wanted. */
async function lineFor(id: string, board: Board, act: (key: string, line: Line) => object, fits: (asked: Asked, slot: number) => boolean): Promise<{ slot: number; key: string; line: Line; asked: Asked }> {
  for (const [slot, s] of board.slots.entries()) {
    if (!s.blocks || s.special || s.key === demo('grid-worker').code) continue
    for (const line of linesAcross(board, slot)) {
      const asked = await would(id, act(s.key, line))
      if (fits(asked, slot)) return { slot, key: s.key, line, asked }
    }
  }
  throw new Error('no grid and no line that would do')
}

/** A line that begins in the middle of a grid and leads out of it. */
async function beginsInside(id: string, board: Board, slot: number): Promise<Line> {
  const key = board.slots[slot]!.key
  for (const b of board.blocksOf(slot)) {
    const [x, y] = pointOf(board, b)
    const line: Line = [[x, y], [x, board.t.extent[3] + 1e-4]]
    const asked = await send('planner', 'POST', `/api/drafts/${id}/acts`, { revision: (await opened(id)).head.revision, preview: true, kind: 'split-line', grid: key, line })
    if (JSON.stringify(asked.body).includes('线的起点在网格')) return [[x, y], [x, y + 8e-4]]
  }
  throw new Error('no block is in the middle of the grid')
}

const middle = (line: Line): [number, number] => [(line[0]![0] + line.at(-1)![0]) / 2, (line[0]![1] + line.at(-1)![1]) / 2]

/** A zoom in which a line fits on the map. */
function zoomFor(line: Line): number {
  const span = Math.max(...line.map((p) => Math.abs(p[0] - line[0]![0])), ...line.map((p) => Math.abs(p[1] - line[0]![1]) * 1.6))
  return Math.min(18, Math.log2((360 * 480) / 512 / span))
}

const over = (line: Line) => ({ at: middle(line), zoom: zoomFor(line) })
const blocksOf = async (id: string) => (await ground(id)).communities.flatMap((c) => c.blocks)
const peopleOf = (blocks: { residents: number }[]) => blocks.reduce((n, b) => n + b.residents, 0)
const hint = (page: Page, text: string | RegExp) => page.locator('#hint').getByText(text).waitFor()

describe.skipIf(noServer)('drawing', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('task: split a grid along a line that is drawn', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const cuts = (a: Asked) => a.status === 200 && a.body.patch.reground.length > 0 && a.body.grids.every((g) => g.blocks === 0 || g.residents > 60)
    const { key, line, slot } = await lineFor(head.id, board, (grid, l) => ({ kind: 'split-line', grid, line: l }), cuts)
    const people = board.slots[slot]!.residents
    const all = peopleOf(await blocksOf(head.id))
    const { page, complaints } = await atDraft(head.id, 'planner', { over: over(line), map: true })
    const hands = new Hands(page)
    await hands.click(`tr[data-grid="${key}"] button.pick`)
    await hands.press('k')
    await hands.drag([line[0]!, line.at(-1)!])
    await saved(page)
    await hint(page, '沿线拆分')
    hands.report('split a grid along a line that is drawn')
    expect(hands.clicks + hands.keys + hands.drags).toBeLessThanOrEqual(3)
    const now = await blocksOf(head.id)
    const fresh = (await opened(head.id)).grids.find((g) => g.key.startsWith('new-') && g.blocks > 0)!
    const [kept, given] = [key, fresh.key].map((k) => peopleOf(now.filter((b) => b.grid === k)))
    expect(kept! + given!).toBe(people)
    expect(kept!).toBeGreaterThanOrEqual(given!) // the larger part keeps the code
    expect(peopleOf(now)).toBe(all)
    expect(now.length).toBeGreaterThan(board.t.n) // blocks were cut
    await expect.poll(() => peopleIn(page, fresh.key)).toBe(given)
    expect(await peopleIn(page, key)).toBe(kept)
    await picture(page, 'plandraw-split-1366x768')
    await page.keyboard.press('Control+z')
    await expect.poll(() => peopleIn(page, key)).toBe(people)
    expect((await blocksOf(head.id)).length).toBe(board.t.n) // and are whole again
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(() => peopleIn(page, fresh.key)).toBe(given)
    expect(complaints).toEqual([])
  })

  test('task: move a border to a line that is drawn by hand', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    // Which of the neighbours is it, for the ground that the line parts from the grid.
    let to = ''
    const act = (grid: string, line: Line) => {
      const slot = board.slots.indexOf(board.find(grid)!)
      to = board.neighboursOf(slot).map((s) => board.slots[s]!).find((s) => s.community === board.slots[slot]!.community && !s.special && s.key !== demo('grid-worker').code)?.key ?? ''
      return { kind: 'move-border', from: grid, to, line }
    }
    const fits = (a: Asked) => a.status === 200 && a.body.patch.reground.length > 0 && a.body.grids.length === 2 && a.body.grids.every((g) => g.parts === 1 && g.blocks > 0 && g.residents !== g.base!.residents)
    const { key, line, asked } = await lineFor(head.id, board, act, fits)
    const { page, complaints } = await atDraft(head.id, 'planner', { over: over(line), map: true })
    const hands = new Hands(page)
    await hands.click(`tr[data-grid="${to}"] button.pick`)
    await hands.press('n')
    await hands.at(line[0]!)
    await hands.at(line.at(-1)!)
    await hands.press('Enter')
    await saved(page)
    await hint(page, '边界移到线上')
    hands.report('move a border to a line drawn by hand')
    const now = await opened(head.id)
    const of = (k: string) => now.grids.find((g) => g.key === k)!.residents
    const sum = board.find(key)!.residents + board.find(to)!.residents
    expect(of(key) + of(to)).toBe(sum)
    expect(of(to)).toBeGreaterThan(board.find(to)!.residents)
    // The hand is as exact as a pixel.
    expect(Math.abs(of(to) - asked.body.grids.find((g) => g.key === to)!.residents)).toBeLessThan(30)
    await expect.poll(() => peopleIn(page, to)).toBe(of(to))
    await picture(page, 'plandraw-border-1366x768')
    expect(complaints).toEqual([])
  })

  test('a cut through a building asks first, says which, and cuts when told', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const { line, asked } = await lineFor(head.id, board, (_, l) => ({ kind: 'cut', line: l }), (a) => a.status === 409 && (a.body.buildings?.length ?? 0) > 0)
    const before = await blocksOf(head.id)
    const { page, complaints } = await atDraft(head.id, 'planner', { over: over(line), map: true })
    const hands = new Hands(page)
    await hands.press('c')
    await hands.at(line[0]!)
    await hands.at(line.at(-1)!)
    await hands.press('Enter')
    const trouble = page.locator('#trouble')
    await trouble.getByText(/这条线穿过 \d+ 栋建筑/).waitFor()
    expect(await page.locator('.plan-sketch .line').getAttribute('d')).not.toBe('') // the line that the question is about stays
    // They stand out where they are; the key goes to all of them, then to one after the other.
    const named = new Set(asked.body.buildings!.map((b) => b.id))
    const outlined = () =>
      page.locator('#map').evaluate((element) => {
        const { map } = element as HTMLElement & { map: MapLibre }
        return map.getLayer('struck-fill') ? map.queryRenderedFeatures({ layers: ['struck-fill'] }).length : -1
      })
    await expect.poll(outlined).toBeGreaterThan(0)
    expect(await faults(page)).toEqual([])
    await picture(page, 'plandraw-cut-1366x768')
    const [from] = place(page).getAll('map')
    await hands.press('z')
    await expect.poll(outlined).toBeGreaterThanOrEqual(named.size)
    await expect.poll(() => place(page).get('map')).not.toBe(from)
    await hands.click('#see-buildings')
    if (named.size > 1) await page.locator('#see-buildings').getByText(`第 1/${named.size} 栋`).waitFor()
    await picture(page, 'plandraw-cut-near-1366x768')
    expect((await opened(head.id)).head.revision).toBe(head.revision) // nothing without a yes
    await trouble.getByRole('button', { name: '知道了' }).click()
    expect(await trouble.count()).toBe(0)
    expect(await page.locator('.plan-sketch .line').getAttribute('d')).toBe('')
    expect(await outlined()).toBe(-1)
    expect(await blocksOf(head.id)).toEqual(before)
    const [zoom, lat, lon] = from!.split('/')
    await page.goto(page.url().replace(/map=[^&]+/, `map=${zoom}/${lat}/${lon}`))
    await page.reload()
    await ready(page)
    await drawn(page)
    await hands.press('c')
    await hands.at(line[0]!)
    await hands.at(line.at(-1)!)
    await hands.press('Enter')
    await trouble.getByRole('button', { name: '切开这些建筑' }).waitFor()
    await hands.click('#trouble .button:not(#see-buildings)')
    await saved(page)
    await hint(page, '沿线切分')
    hands.report('cut blocks, with the question before a building is cut, refused once')
    const now = await blocksOf(head.id)
    expect(now.length).toBeGreaterThan(before.length)
    expect(peopleOf(now)).toBe(peopleOf(before))
    const inGrid = (all: typeof now) => Object.fromEntries([...new Set(all.map((b) => b.grid))].sort().map((g) => [g, peopleOf(all.filter((b) => b.grid === g))]))
    expect(inGrid(now)).toEqual(inGrid(before)) // pieces stay in their grid
    expect(asked.body.buildings!.length).toBeGreaterThan(0)
    expect(complaints.filter((c) => !c.includes('409'))).toEqual([])
  })

  test('a line that crosses itself, begins inside, or lies in the sea: a sentence, and nothing changes', async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const slot = board.slots.findIndex((s) => s.blocks > 20 && !s.special)
    const key = board.slots[slot]!.key
    const [w, s, e, n] = board.boundsOf(board.blocksOf(slot))!
    const at = (x: number, y: number): [number, number] => [w + (e - w) * x, s + (n - s) * y]
    const { page, complaints } = await atDraft(head.id, 'planner', { over: over([at(-0.3, 0.5), at(1.3, 0.5)]), map: true })
    await rowOf(page, key).locator('button.pick').click()
    await page.keyboard.press('k')
    const hands = new Hands(page)
    const drawn = async (line: Line) => {
      for (const p of line) await hands.at(p)
      await hands.press('Enter')
    }
    await drawn([at(0.1, 0.3), at(0.9, 0.7), at(0.9, 0.3), at(0.1, 0.7)])
    await page.locator('#trouble').getByText('线与自身相交').waitFor()
    await page.screenshot({ path: 'screenshots/plandraw-crossing-1366x768.png' })
    await page.keyboard.press('Escape')
    expect(await page.locator('#trouble').count()).toBe(0)
    const inside = await beginsInside(head.id, board, slot)
    await drawn(inside)
    await page.locator('#trouble').getByText(/线的起点在网格 .* 内部/).waitFor()
    await page.keyboard.press('Escape')
    await hands.at(inside[0]!)
    await hands.press('Enter')
    await hint(page, '线至少要有两个点')
    // Far from any ground.
    const sea = await atDraft(head.id, 'planner', { over: { at: [board.t.extent[0] - 0.02, board.t.extent[1] - 0.02], zoom: 16 }, map: true })
    await sea.page.keyboard.press('c')
    const away = new Hands(sea.page)
    await away.drag([[board.t.extent[0] - 0.021, board.t.extent[1] - 0.02], [board.t.extent[0] - 0.019, board.t.extent[1] - 0.02]])
    await sea.page.locator('#trouble, #hint.warn').first().waitFor()
    expect((await sea.page.locator('#trouble, #hint.warn').first().innerText()).length).toBeGreaterThan(8)
    await rowOf(sea.page, key).locator('button.pick').click()
    await sea.page.keyboard.press('l')
    await away.drag([[board.t.extent[0] - 0.021, board.t.extent[1] - 0.02], [board.t.extent[0] - 0.02, board.t.extent[1] - 0.021], [board.t.extent[0] - 0.019, board.t.extent[1] - 0.02]])
    await hint(sea.page, '圈里没有单元')
    expect((await opened(head.id)).head.revision).toBe(head.revision)
    expect(complaints.filter((c) => !c.includes('400') && !c.includes('422'))).toEqual([])
  })
})
