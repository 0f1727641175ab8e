// The micro-grids of the chosen grid: what there is, which homes and micro-grids are chosen, and what is done with them. While it is open, clicks on
// the map choose homes.

import { microGrids } from '../api/draftmicro'
import type { MicroGrid, MicroGrids, MicroHome } from '../api/draftmicro'
import type { ActBody, Home } from '../api/drafts'
import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'
import { none } from './board'
import { coloursOf, MicroMap, nameOf } from './micromap'
import type { Pointed } from './planmap'
import type { Tool } from './tools'
import type { Work } from './work.svelte'

/** Pixels about a dot that are the dot's. */
const reach = 13

export class Micro {
  on = $state(false)
  lasso = $state(false)
  data: MicroGrids | undefined = $state.raw()
  problem: Problem | undefined = $state.raw()
  chosen: ReadonlySet<string> = $state.raw(new Set())
  /** Ticked micro-grids, by number. */
  ticked: ReadonlySet<number> = $state.raw(new Set())
  colours: ReadonlyMap<number, number> = $state.raw(new Map())
  busy = $state(false)
  private dots: MicroMap | undefined
  readonly hands: Tool

  constructor(private readonly work: Work) {
    this.hands = new MicroHands(this, work)
  }

  readonly homes: readonly MicroHome[] = $derived.by(() => this.data?.homes ?? [])
  readonly picked: readonly MicroHome[] = $derived.by(() => this.homes.filter((h) => this.chosen.has(nameOf(h))))

  open() {
    this.work.take('pick')
    this.on = true
    this.work.goSlot(this.work.active) // its dots lie upon each other from afar
    this.hold()
  }

  close() {
    if (!this.on) return
    this.on = false
    this.lasso = false
    this.forget()
    this.dots?.end()
    this.dots = undefined
    if (this.work.tool === 'pick') this.work.take('pick')
  }

  /** Takes the map into its hands. */
  hold() {
    const { work } = this
    work.hands = this.hands
    work.planMap?.setDrags(this.lasso)
    work.planMap?.setCursor(this.lasso ? 'crosshair' : 'pointer')
  }

  setLasso(on: boolean) {
    this.lasso = on
    this.hold()
  }

  /** Asks for the micro-grids of a grid. What is shown of the same grid stays until the answer is there. */
  async load(grid: string, signal: AbortSignal) {
    if (this.data?.grid !== grid) this.forget()
    try {
      const found = await microGrids(this.work.drafting.id, grid, signal)
      if (signal.aborted) return
      this.take(found)
    } catch (thrown) {
      if (!signal.aborted) this.problem = asProblem(thrown)
    }
  }

  private take(found: MicroGrids) {
    this.problem = undefined
    this.colours = coloursOf(found.homes, this.data?.grid === found.grid ? this.colours : new Map())
    this.data = found
    const there = new Set(found.homes.map(nameOf))
    this.chosen = new Set([...this.chosen].filter((n) => there.has(n)))
    const numbers = new Set(found.micro_grids.map((m) => m.number))
    this.ticked = new Set([...this.ticked].filter((n) => numbers.has(n)))
    this.draw()
  }

  private forget() {
    this.data = undefined
    this.problem = undefined
    this.chosen = new Set()
    this.ticked = new Set()
  }

  /** Puts the dots where the homes are. */
  draw() {
    const plan = this.work.planMap
    if (!this.on || !plan?.map.getLayer('plan-fill')) return
    this.dots ??= new MicroMap(plan.map, plan.labels)
    this.dots.show(this.homes, this.colours, this.chosen)
  }

  choose(homes: readonly MicroHome[], add: boolean) {
    const next = new Set(add ? this.chosen : [])
    const off = add && homes.every((h) => this.chosen.has(nameOf(h)))
    for (const h of homes)
      if (off) next.delete(nameOf(h))
      else next.add(nameOf(h))
    this.chosen = next
    this.draw()
  }

  tick(number: number) {
    const next = new Set(this.ticked)
    if (!next.delete(number)) next.add(number)
    this.ticked = next
  }

  of(m: MicroGrid): MicroHome[] {
    return this.homes.filter((h) => h.micro === m.number)
  }

  private async act(act: ActBody) {
    if (this.busy) return
    this.busy = true
    try {
      await this.work.edited(act)
    } finally {
      this.busy = false
    }
  }

  plan() {
    if (this.data) void this.act({ kind: 'micro-plan', grid: this.data.grid })
  }

  merge() {
    if (this.data && this.ticked.size > 1) void this.act({ kind: 'micro-merge', grid: this.data.grid, micros: [...this.ticked] })
  }

  name(m: MicroGrid, name: string) {
    if (this.data && name !== m.name) void this.act({ kind: 'micro-name', grid: this.data.grid, micro: m.number, name })
  }

  /** Moves the chosen homes: into a micro-grid, into a new one, or out of theirs with 0. */
  async move(to: number | 'new') {
    if (!this.data || !this.picked.length) return
    const homes = this.picked.map((h): Home => ({ block: h.block, building: h.building, ...(h.entrance ? { entrance: h.entrance } : {}) }))
    await this.act({ kind: 'micro-move', grid: this.data.grid, homes, ...(to === 'new' ? { new: true } : { micro: to }) })
    this.choose([], false)
  }
}

/** Clicks choose dots, or another grid; with the lasso, drags choose what lies inside. */
class MicroHands implements Tool {
  private line: [number, number][] = []

  constructor(
    private readonly micro: Micro,
    private readonly work: Work,
  ) {}

  get drags() {
    return this.micro.lasso
  }
  get cursor() {
    return this.micro.lasso ? 'crosshair' : 'pointer'
  }

  hover(p: Pointed) {
    this.work.over(this.work.locator.at(p.lon, p.lat), p)
  }

  down(p: Pointed) {
    this.line = [[p.lon, p.lat]]
  }

  drag(p: Pointed) {
    if (!this.line.length) return
    this.line.push([p.lon, p.lat])
    this.work.map.sketch.draw(this.line, true)
  }

  up(p: Pointed, moved: boolean) {
    const { line } = this
    this.cancel()
    if (this.drags && line.length > 4) return this.micro.choose(this.micro.homes.filter((h) => inside(line, h.at)), p.shift || p.ctrl)
    if (moved && !this.drags) return
    const home = this.nearest(p)
    if (home) return this.micro.choose(p.shift && home.micro ? this.micro.homes.filter((h) => h.micro === home.micro) : [home], true)
    const block = this.work.locator.at(p.lon, p.lat)
    const slot = block < 0 ? none : this.work.board.grid[block]!
    if (slot >= 0 && slot !== this.work.active) this.work.choose(slot)
    else this.micro.choose([], false)
  }

  private nearest(p: Pointed): MicroHome | undefined {
    let best: MicroHome | undefined
    let least = reach
    for (const h of this.micro.homes) {
      const pixels = Math.hypot((h.at[0] - p.lon) / p.pixel, (h.at[1] - p.lat) / (p.pixel * Math.cos((p.lat * Math.PI) / 180)))
      if (pixels < least) [best, least] = [h, pixels]
    }
    return best
  }

  cancel(): boolean {
    if (this.line.length < 2) {
      this.line = []
      return false
    }
    this.line = []
    this.work.map.sketch.clear()
    return true
  }
}

/** Whether a point lies inside a ring. */
export function inside(ring: readonly (readonly [number, number])[], [x, y]: readonly [number, number]): boolean {
  let is = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [a, b] = [ring[i]!, ring[j]!]
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) is = !is
  }
  return is
}
