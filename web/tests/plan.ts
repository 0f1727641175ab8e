// What the tests of planning share: drafts over the API, the ground of one, and hands that count their clicks.

import type { Page } from 'playwright-core'
import type { Acted, Draft, DraftGrid, DraftHead, Ground } from '../src/api/drafts'
import { Board } from '../src/planning/board'
import { decode } from '../src/planning/topology'
import { home, visit } from './browser'
import type { Visit, VisitOptions } from './browser'
import { enter, fresh, made, must, raw } from './people'
import type { Role } from './people'

/** Begins a draft of the demo's town. */
export async function begun(begin: 'live' | 'nothing' = 'live', division?: string): Promise<DraftHead> {
  return (await must('planner', 'POST', '/api/drafts', { division: division ?? (await home()), name: '测试 ' + fresh(), begin })) as DraftHead
}

export const opened = (id: string): Promise<Draft> => must('planner', 'GET', '/api/drafts/' + id)
export const ground = (id: string): Promise<Ground> => must('planner', 'GET', `/api/drafts/${id}/ground`)

/** Does something in a draft behind the page's back. */
export async function acted(id: string, act: object): Promise<Acted> {
  const { head } = await opened(id)
  return (await must('planner', 'POST', `/api/drafts/${id}/acts`, { revision: head.revision, ...act })) as Acted
}

/** A second planner, who may change the draft too. */
export async function colleague(id: string) {
  const person = await made('planner')
  await must('planner', 'PUT', `/api/drafts/${id}/members`, { accounts: [person.name] })
  const cookie = await enter(person)
  const ask = async (method: string, path: string, body: object) => {
    const answer = await raw(cookie, method, `/api/drafts/${id}${path}`, body)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  return { person, act: async (act: object) => ask('POST', '/acts', { revision: (await opened(id)).head.revision, ...act }), ask }
}

/** Merges two grids behind the page's back; gives the one that is left. */
export async function merged(id: string, a: string, b: string): Promise<string> {
  return (await acted(id, { kind: 'merge', grids: [a, b] })).grids.find((g) => g.blocks > 0)!.key
}

/** The draft as the page has it in memory. */
export async function boardOf(id: string): Promise<Board> {
  const [draft, g] = await Promise.all([opened(id), ground(id)])
  const blocks = g.communities.flatMap((c) => c.blocks)
  return new Board(
    decode(g),
    draft.settings,
    blocks.map((b) => b.grid),
    draft.grids,
    blocks.map((b) => b.locked === true),
  )
}

/** Opens a draft and waits until it can be worked on. */
export async function atDraft(id: string, as: Role = 'planner', options: VisitOptions & { tour?: boolean; over?: { at: readonly [number, number]; zoom: number }; more?: string } = {}): Promise<Visit> {
  const { tour, over, more = '', before, ...rest } = options
  const camera = over ? `&map=${over.zoom.toFixed(2)}/${over.at[1].toFixed(6)}/${over.at[0].toFixed(6)}` : ''
  const v = await visit({
    as,
    path: 'plan',
    hash: `#draft=${id}${camera}${more}`,
    width: 1366,
    height: 768,
    ...rest,
    before: async (page) => {
      page.setDefaultTimeout(60_000) // a large map without a GPU takes its time to begin
      if (!tour) await page.addInitScript(() => localStorage.setItem('jingwei.plan.tour', '1'))
      await before?.(page)
    },
  })
  await ready(v.page)
  return v
}

export async function ready(page: Page) {
  await page.locator('.workspace[data-open="true"]').waitFor({ timeout: 60_000 })
}

export const saved = (page: Page) => page.locator('#save[data-is="saved"]').waitFor({ timeout: 15_000 })

/** Where a position lies on the screen, by the camera that the address names. */
export async function pixelOf(page: Page, [lon, lat]: readonly [number, number]): Promise<{ x: number; y: number }> {
  await page.waitForFunction(() => location.hash.includes('map='))
  const [zoom, clat, clon] = new URL(page.url()).hash.match(/map=([^&]+)/)![1]!.split('/').map(Number) as [number, number, number]
  const box = (await page.locator('#map').boundingBox())!
  const size = 512 * 2 ** zoom
  const y = (v: number) => (0.5 - Math.log(Math.tan(Math.PI / 4 + (v * Math.PI) / 360)) / (2 * Math.PI)) * size
  return { x: box.x + box.width / 2 + ((lon - clon) / 360) * size, y: box.y + box.height / 2 + y(lat) - y(clat) }
}

/** A block's own point. */
export const pointOf = (board: Board, block: number): [number, number] => [board.t.at[2 * block]!, board.t.at[2 * block + 1]!]

/** Residents of a grid as its row says. */
export const rowOf = (page: Page, key: string) => page.locator(`tr[data-grid="${key}"]`)
export const peopleIn = async (page: Page, key: string) => Number((await rowOf(page, key).locator('td.n').first().innerText()).replace(/\D/g, ''))

/** Hands that count: what a task cost goes into the report. */
export class Hands {
  clicks = 0
  keys = 0
  drags = 0
  private readonly begun = Date.now()
  constructor(readonly page: Page) {}

  async click(selector: string) {
    this.clicks++
    await this.page.locator(selector).first().click()
  }
  async at(position: readonly [number, number]) {
    this.clicks++
    const { x, y } = await pixelOf(this.page, position)
    await this.page.mouse.move(x, y, { steps: 3 })
    await this.page.mouse.click(x, y)
  }
  async press(key: string) {
    this.keys++
    await this.page.keyboard.press(key)
  }
  async drag(way: readonly (readonly [number, number])[]) {
    this.drags++
    const at = await Promise.all(way.map((p) => pixelOf(this.page, p)))
    await this.page.mouse.move(at[0]!.x, at[0]!.y)
    await this.page.mouse.down()
    for (const p of at.slice(1)) await this.page.mouse.move(p.x, p.y, { steps: 6 })
    await this.page.mouse.up()
  }
  /** Says what it cost, in the report. */
  report(task: string) {
    const seconds = ((Date.now() - this.begun) / 1000).toFixed(1)
    console.log(`TASK ${task}: ${this.clicks} clicks, ${this.drags} drags, ${this.keys} keys, ${seconds} s`)
  }
}

/** Grids of a draft with two neighbours that may be merged into one of about 1,050; not the grid worker's, which other tests look at. */
export function pairAbout(board: Board, people: number, avoid: string): [DraftGrid['key'], DraftGrid['key']] {
  let best: [string, string] | undefined
  let off = Infinity
  board.slots.forEach((s, i) => {
    if (!s.blocks || s.key === avoid || s.special) return
    for (const o of board.neighboursOf(i)) {
      const other = board.slots[o]!
      if (other.key === avoid || other.special || other.community !== s.community) continue
      const d = Math.abs(s.residents + other.residents - people)
      if (d < off) [best, off] = [[s.key, other.key], d]
    }
  })
  if (!best) throw new Error('no two grids that touch')
  return best
}

/** Whether a block has a border in common with a grid. */
export function touches(board: Board, block: number, slot: number): boolean {
  for (let k = board.t.arcStart[block]!; k < board.t.arcStart[block + 1]!; k++) {
    const arc = board.t.arcsOf[k]! < 0 ? ~board.t.arcsOf[k]! : board.t.arcsOf[k]!
    if (board.sides(arc).includes(slot)) return true
  }
  return false
}

/** A block with people that may go from one grid to a neighbour and leave both in one piece; not the grid worker's, nor special ones. */
export async function onTheBorder(id: string, board: Board, avoid: string): Promise<{ block: number; from: string; to: string }> {
  for (const [from, s] of board.slots.entries()) {
    if (!s.blocks || s.special || s.key === avoid) continue
    for (const to of board.neighboursOf(from)) {
      const other = board.slots[to]!
      if (other.special || other.key === avoid || other.community !== s.community) continue
      for (const block of board.blocksOf(from).filter((x) => board.t.residents[x]! > 20 && touches(board, x, to))) {
        const { head } = await opened(id)
        const would = (await must('planner', 'POST', `/api/drafts/${id}/acts`, { revision: head.revision, preview: true, kind: 'assign', blocks: [board.t.keys[block]!], grid: other.key })) as Acted
        if (would.grids.every((g) => g.parts === 1 && g.blocks > 0)) return { block, from: s.key, to: other.key }
      }
    }
  }
  throw new Error('no block that may go to a neighbour')
}
