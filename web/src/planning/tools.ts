// What the hands do: each tool hears where the pointer is and acts on the board at once. A stroke is one act, sent when the pointer is
// lifted; Escape in the middle of it takes it back.

import type { Line } from '../api/drafts'
import { layersBehind, takenUpTo } from './between'
import { none } from './board'
import type { Board, Refusal } from './board'
import type { Locator } from './locator'
import type { PlanMap, Pointed } from './planmap'
import { compoundOf, faceOf, street } from './topology'

export const toolNames = ['pick', 'brush', 'erase', 'lasso', 'border', 'line', 'cut', 'merge'] as const
export type ToolName = (typeof toolNames)[number]

/** Why nothing happened, by the name of its words. */
export type Nothing = 'lockedBlock' | 'lockedGrid' | 'otherCommunity' | 'noTarget' | 'emptyLasso' | 'noBorder' | 'wholeGrid' | 'shortLine' | 'lineOutside' | 'lineInside' | 'notBeside' | 'readOnly'

/** How many blocks a stroke left as they were, by why. */
export type Left = ReadonlyMap<Exclude<Refusal, ''>, number>

/** Blocks that would go from one slot to another. */
export interface Would {
  blocks: readonly number[]
  from: number
  to: number
}

export interface Desk {
  readonly board: Board
  readonly locator: Locator
  readonly map: PlanMap
  /** The slot that strokes go into, −1: none is chosen. */
  readonly active: number
  /** Radius in pixels, 0: the block under the pointer. */
  readonly brush: number
  choose(slot: number, add?: boolean): void
  /** Tells of the block under the pointer. */
  over(block: number, p: Pointed, would?: Would): void
  /** Blocks were given to a slot, on the board already; left: how many of those in its way were not, and why. */
  gave(blocks: readonly number[], slot: number, left: Left): void
  drew(line: Line): void
  merge(slot: number): void
  nothing(why: Nothing): void
  /** The board changed while the pointer is down. */
  painting(): void
}

export interface Tool {
  /** Whether dragging is its own, or moves the map. */
  drags: boolean
  cursor: string
  hover?(p: Pointed): void
  down?(p: Pointed): void
  drag?(p: Pointed): void
  up?(p: Pointed, moved: boolean): void
  twice?(p: Pointed): void
  /** Enter. */
  finish?(): void
  /** Whether there was something to take back. */
  cancel?(): boolean
}

export function toolOf(name: ToolName, d: Desk): Tool {
  if (name === 'brush') return new Brush(d, false)
  if (name === 'erase') return new Brush(d, true)
  if (name === 'lasso') return new Lasso(d)
  if (name === 'border') return new Border(d)
  if (name === 'line' || name === 'cut') return new Drawn(d)
  if (name === 'merge') return new Merge(d)
  return new Pick(d)
}

/** The block under the pointer with the others that the held keys take along. */
function under(d: Desk, p: Pointed): number[] {
  const block = d.locator.at(p.lon, p.lat)
  if (block < 0) return []
  if (p.shift) return compoundOf(d.board.t, block)
  if (p.alt) return faceOf(d.board.t, block)
  return [block]
}

/** Blocks on their way into a slot, with where they were. */
class Stroke {
  private readonly was = new Map<number, number>()
  private readonly refused = new Map<number, Exclude<Refusal, ''>>()

  constructor(
    private readonly d: Desk,
    readonly slot: number,
  ) {}

  take(block: number) {
    const { board } = this.d
    if (board.grid[block] === this.slot) return
    const why = board.refusal(block, this.slot)
    if (why) {
      if (!this.was.has(block)) this.refused.set(block, why)
      return
    }
    this.refused.delete(block)
    if (!this.was.has(block)) this.was.set(block, board.grid[block]!)
    board.put(block, this.slot)
  }

  end() {
    const left = new Map<Exclude<Refusal, ''>, number>()
    for (const why of this.refused.values()) left.set(why, (left.get(why) ?? 0) + 1)
    const [first] = left.keys()
    if (this.was.size) this.d.gave([...this.was.keys()], this.slot, left)
    else if (first) this.d.nothing(first)
  }

  back() {
    for (const [block, slot] of this.was) this.d.board.put(block, slot)
    this.d.painting()
  }
}

class Pick implements Tool {
  readonly drags = false
  readonly cursor = 'default'
  constructor(private readonly d: Desk) {}

  hover(p: Pointed) {
    this.d.over(this.d.locator.at(p.lon, p.lat), p)
  }

  up(p: Pointed, moved: boolean) {
    if (moved) return
    const block = this.d.locator.at(p.lon, p.lat)
    if ((p.shift || p.alt) && this.d.active >= 0 && block >= 0) {
      const stroke = new Stroke(this.d, this.d.active)
      for (const b of under(this.d, p)) stroke.take(b)
      return stroke.end()
    }
    this.d.choose(block < 0 ? none : this.d.board.grid[block]!, p.ctrl)
    this.d.over(block, p)
  }
}

class Brush implements Tool {
  readonly drags = true
  readonly cursor = 'crosshair'
  private stroke: Stroke | undefined
  private last: [number, number] = [0, 0]
  constructor(
    private readonly d: Desk,
    private readonly erases: boolean,
  ) {}

  hover(p: Pointed) {
    this.d.map.sketch.brush(p.x, p.y, Math.max(3, this.d.brush))
    this.d.over(this.d.locator.at(p.lon, p.lat), p)
  }

  down(p: Pointed) {
    const block = this.d.locator.at(p.lon, p.lat)
    if (p.ctrl) return this.d.choose(block < 0 ? none : this.d.board.grid[block]!)
    if (!this.erases && this.d.active < 0) {
      // Whoever presses in a grid and drags makes it larger.
      if (block < 0 || this.d.board.grid[block]! < 0) return this.d.nothing('noTarget')
      this.d.choose(this.d.board.grid[block]!)
    }
    this.stroke = new Stroke(this.d, this.erases ? none : this.d.active)
    this.last = [p.lon, p.lat]
    this.drag(p)
  }

  drag(p: Pointed) {
    const { stroke } = this
    this.d.map.sketch.brush(p.x, p.y, Math.max(3, this.d.brush))
    if (!stroke) return
    const to: [number, number] = [p.lon, p.lat]
    if (p.shift || p.alt) for (const b of under(this.d, p)) stroke.take(b)
    else this.d.locator.brushed(this.last, to, this.d.brush * p.pixel, (b) => stroke.take(b))
    this.last = to
    this.d.over(this.d.locator.at(p.lon, p.lat), p)
    this.d.painting()
  }

  up() {
    this.stroke?.end()
    this.stroke = undefined
  }

  cancel(): boolean {
    if (!this.stroke) return false
    this.stroke.back()
    this.stroke = undefined
    return true
  }
}

class Lasso implements Tool {
  readonly drags = true
  readonly cursor = 'crosshair'
  private line: [number, number][] = []
  constructor(private readonly d: Desk) {}

  hover(p: Pointed) {
    this.d.over(this.d.locator.at(p.lon, p.lat), p)
  }

  down(p: Pointed) {
    if (this.d.active < 0) return this.d.nothing('noTarget')
    this.line = [[p.lon, p.lat]]
  }

  drag(p: Pointed) {
    if (!this.line.length) return
    this.line.push([p.lon, p.lat])
    this.d.map.sketch.draw(this.line, true)
  }

  up(p: Pointed) {
    const { line } = this
    if (!this.cancel()) return
    const stroke = new Stroke(this.d, this.d.active)
    const blocks = this.d.locator.inRing(line)
    if (!blocks.length) return this.d.nothing('emptyLasso')
    for (const b of blocks) stroke.take(b)
    this.d.painting()
    stroke.end()
    this.hover(p) // what lies under the pointer may be another grid's now
  }

  cancel(): boolean {
    if (!this.line.length) return false
    this.line = []
    this.d.map.sketch.clear()
    return true
  }
}

/** A line with corners: click by click, ended by a double click or Enter; or in one go, with the button held. */
class Drawn implements Tool {
  readonly drags = true
  readonly cursor = 'crosshair'
  protected line: [number, number][] = []
  private free = false
  constructor(protected readonly d: Desk) {}

  hover(p: Pointed) {
    this.d.over(this.d.locator.at(p.lon, p.lat), p)
    if (this.line.length) this.d.map.sketch.draw([...this.line, [p.lon, p.lat]])
  }

  down(p: Pointed) {
    this.free = this.line.length === 0
    const last = this.line.at(-1)
    if (!last || Math.hypot(last[0] - p.lon, last[1] - p.lat) > p.pixel * 2) this.line.push([p.lon, p.lat])
    this.d.map.sketch.draw(this.line)
  }

  drag(p: Pointed) {
    const last = this.line.at(-1)
    if (!this.free || !last || Math.hypot(last[0] - p.lon, last[1] - p.lat) < p.pixel * 5) return
    this.line.push([p.lon, p.lat])
    this.d.map.sketch.draw(this.line)
  }

  up(p: Pointed, moved: boolean) {
    if (!moved || !this.free) return
    const [x, y] = this.line[0] ?? [p.lon, p.lat]
    if (Math.hypot(p.lon - x, p.lat - y) > 16 * p.pixel || this.line.length > 4) return this.finish()
    this.line.length = Math.min(1, this.line.length) // a click by an unsteady hand
  }

  twice() {
    if (this.line.length > 1) this.finish()
  }

  finish() {
    const { line } = this
    this.cancel()
    if (line.length < 2) return this.d.nothing('shortLine')
    this.d.drew(line)
  }

  cancel(): boolean {
    if (!this.line.length) return false
    this.line = []
    this.d.map.sketch.clear()
    return true
  }
}

/** Drags a border over to a street; away from any border it draws the line that the border shall be. */
class Border extends Drawn {
  private pair: [number, number] | undefined
  private arc = -1
  private readonly behind = new Map<string, Map<number, number>>()
  private taken: Would | undefined

  override hover(p: Pointed) {
    super.hover(p)
    this.d.map.setCursor(this.line.length || this.at(p) < 0 ? 'crosshair' : 'move')
  }

  private at(p: Pointed): number {
    return this.d.locator.arcNear(p.lon, p.lat, 9 * p.pixel, (a) => {
      const [l, r] = this.d.board.sides(a)
      return l !== r && l >= 0 && r >= 0
    })
  }

  override down(p: Pointed) {
    const arc = this.line.length ? -1 : this.at(p)
    if (arc < 0) return super.down(p)
    this.pair = this.d.board.sides(arc)
    this.arc = arc
    this.behind.clear()
  }

  override drag(p: Pointed) {
    if (!this.pair) return super.drag(p)
    const { board, map } = this.d
    const under = this.d.locator.at(p.lon, p.lat)
    const from = under < 0 ? none : board.grid[under]!
    const [l, r] = this.pair
    this.taken = undefined
    if (from === l || from === r) {
      const to = from === l ? r : l
      const blocks = this.behindUpTo(from, to, p, under)
      if (blocks.length) this.taken = { blocks, from, to }
    }
    map.setPreview(new Map((this.taken?.blocks ?? []).map((b) => [b, this.taken!.to])))
    this.d.over(under, p, this.taken)
  }

  /** All ground between the two grids' border and the pointer; where that would be all of the grid, what lies behind the stretch that is dragged. */
  private behindUpTo(from: number, to: number, p: Pointed, under: number): number[] {
    const { board } = this.d
    for (const along of [undefined, this.arc]) {
      const layers = this.layers(from, to, along)
      const blocks = takenUpTo(layers, this.nearer(layers, p, under), board.slots[from]!.blocks)
      if (blocks.length) return blocks
    }
    return []
  }

  private layers(from: number, to: number, along: number | undefined): Map<number, number> {
    const key = `${from}/${along ?? ''}`
    const known = this.behind.get(key) ?? layersBehind(this.d.board, from, to, along)
    this.behind.set(key, known)
    return known
  }

  /** Whoever lets go on a street means that street, on whichever side of its middle the pointer came to lie. */
  private nearer(layers: ReadonlyMap<number, number>, p: Pointed, under: number): number {
    const { t } = this.d.board
    const depth = (b: number) => layers.get(b) ?? Infinity
    const arc = this.d.locator.arcNear(p.lon, p.lat, 9 * p.pixel, (a) => t.barrier[a]! >= street && (t.left[a] === under || t.right[a] === under))
    if (arc < 0) return under
    const beyond = t.left[arc] === under ? t.right[arc]! : t.left[arc]!
    return depth(beyond) < depth(under) ? beyond : under
  }

  override up(p: Pointed, moved: boolean) {
    if (!this.pair) return super.up(p, moved)
    const { taken } = this
    this.cancel()
    if (!moved) return
    if (!taken) return this.d.nothing('wholeGrid')
    const stroke = new Stroke(this.d, taken.to)
    for (const b of taken.blocks) stroke.take(b)
    this.d.painting()
    stroke.end()
    this.d.over(this.d.locator.at(p.lon, p.lat), p)
  }

  override cancel(): boolean {
    if (!this.pair) return super.cancel()
    this.pair = undefined
    this.taken = undefined
    this.d.map.setPreview(new Map())
    return true
  }
}

class Merge implements Tool {
  readonly drags = false
  readonly cursor = 'pointer'
  private shown = none
  constructor(private readonly d: Desk) {}

  hover(p: Pointed) {
    const block = this.d.locator.at(p.lon, p.lat)
    this.d.over(block, p)
    const slot = block < 0 ? none : this.d.board.grid[block]!
    if (slot === this.shown) return
    this.shown = slot
    const fits = slot >= 0 && slot !== this.d.active && this.d.active >= 0 && this.d.board.neighboursOf(this.d.active).includes(slot)
    this.d.map.setPreview(new Map(fits ? this.d.board.blocksOf(slot).map((b) => [b, this.d.active]) : []))
  }

  up(p: Pointed, moved: boolean) {
    if (moved) return
    const block = this.d.locator.at(p.lon, p.lat)
    const slot = block < 0 ? none : this.d.board.grid[block]!
    if (this.d.active < 0) return this.d.choose(slot)
    if (slot < 0 || slot === this.d.active) return
    if (!this.d.board.neighboursOf(this.d.active).includes(slot)) return this.d.nothing('notBeside')
    this.cancel()
    this.d.merge(slot)
  }

  cancel(): boolean {
    const had = this.shown >= 0
    this.shown = none
    this.d.map.setPreview(new Map())
    return had
  }
}
