// The division as it stands in the browser: which block is in which grid, and what each grid sums up to. What the server has confirmed and
// what the planner has done since are kept apart, so that an answer which comes late, or somebody else's work, never undoes a stroke that is
// still on its way. Every change of a block is a few additions; nothing here walks through all blocks while somebody paints.

import type { DraftGrid, Patch, Settings } from '../api/drafts'
import { colouring } from './palette'
import { eachNeighbour } from './topology'
import type { Topology } from './topology'

export const none = -1

/** Why a block can't be given to a slot by hand, '' where it can. */
export type Refusal = '' | 'lockedBlock' | 'lockedGrid' | 'otherCommunity'

/** A grid of the draft. */
export interface Slot {
  /** Its key at the server; ~n while the server hasn't given it one. */
  key: string
  /** Index of its community, −1 until it has a block. */
  community: number
  name: string
  special: string
  locked: boolean
  residents: number
  weight: number
  blocks: number
  houses: number
  area: number
  colour: number
  /** What the server said of it last. */
  said: DraftGrid | undefined
  /** Whether its blocks are others than when the server said it. */
  moved: boolean
}

/** What an act that isn't confirmed yet has done to blocks. */
export interface Effect {
  blocks: readonly number[]
  /** Key of a grid, '' for none. */
  grid: string
}

export class Board {
  /** The slot of each block as it is shown, −1: in no grid. */
  readonly grid: Int32Array
  /** The same as the server confirmed it. */
  readonly sure: Int32Array
  readonly locked: Uint8Array
  readonly slots: Slot[] = []
  /** Blocks in no grid, and who lives there. */
  readonly left = { blocks: 0, residents: 0 }
  private readonly slotOfKey = new Map<string, number>()
  private dirty: number[] = []
  private readonly isDirty: Uint8Array
  readonly dirtySlots = new Set<number>()
  private made = 0
  /** Communities whose people can't be cut into grids in band, and those that are one grid. */
  private readonly infeasible = new Set<number>()
  private readonly single = new Set<number>()

  constructor(
    readonly t: Topology,
    readonly settings: Settings,
    assigned: readonly string[],
    grids: readonly DraftGrid[],
    lockedBlocks: readonly boolean[],
  ) {
    this.grid = new Int32Array(t.n).fill(none)
    this.sure = new Int32Array(t.n).fill(none)
    this.locked = Uint8Array.from(lockedBlocks, Number)
    this.isDirty = new Uint8Array(t.n)
    for (const g of grids) this.hear(g)
    for (let i = 0; i < t.n; i++) {
      this.left.blocks++
      this.left.residents += t.residents[i]!
      this.sure[i] = assigned[i] ? this.slot(assigned[i]!) : none
      this.put(i, this.sure[i]!)
    }
    for (const s of this.slots) s.moved = false
    this.recolour()
  }

  /** The slot of a key; one that isn't known yet is made. */
  slot(key: string): number {
    if (key === '') return none
    const known = this.slotOfKey.get(key)
    if (known !== undefined) return known
    this.slots.push({ key, community: -1, name: '', special: '', locked: false, residents: 0, weight: 0, blocks: 0, houses: 0, area: 0, colour: -1, said: undefined, moved: false })
    this.slotOfKey.set(key, this.slots.length - 1)
    return this.slots.length - 1
  }

  find(key: string | undefined): Slot | undefined {
    const at = key === undefined ? undefined : this.slotOfKey.get(key)
    return at === undefined ? undefined : this.slots[at]
  }

  keyOf(block: number): string {
    const s = this.grid[block]!
    return s < 0 ? '' : this.slots[s]!.key
  }

  /** A grid that begins with the next stroke. */
  fresh(): number {
    while (this.slotOfKey.has('~' + ++this.made));
    return this.slot('~' + this.made)
  }

  /** The server gave a grid its key. */
  rename(from: string, to: string) {
    const at = this.slotOfKey.get(from)
    if (at === undefined || from === to) return
    const there = this.slotOfKey.get(to)
    this.slotOfKey.delete(from)
    if (there === undefined) {
      this.slots[at]!.key = to
      this.slotOfKey.set(to, at)
      this.dirtySlots.add(at)
      return
    }
    for (let i = 0; i < this.t.n; i++) {
      if (this.sure[i] === at) this.sure[i] = there
      if (this.grid[i] === at) this.put(i, there)
    }
  }

  /** Puts a block into a slot, as it is shown. False when it is there already. */
  put(block: number, slot: number): boolean {
    const from = this.grid[block]!
    if (from === slot) return false
    this.grid[block] = slot
    this.add(from, block, -1)
    this.add(slot, block, 1)
    this.touch(block)
    return true
  }

  private add(slot: number, block: number, sign: 1 | -1) {
    const t = this.t
    if (slot < 0) {
      this.left.blocks += sign
      this.left.residents += sign * t.residents[block]!
      return
    }
    const s = this.slots[slot]!
    s.residents += sign * t.residents[block]!
    s.weight += sign * t.weight[block]!
    s.blocks += sign
    s.houses += sign * t.houses[block]!
    s.area += sign * t.area[block]!
    s.moved = true
    if (s.blocks === 0) s.community = -1
    else if (sign > 0) s.community = t.community[block]!
    this.dirtySlots.add(slot)
  }

  /** Notes that a block looks different now. */
  touch(block: number) {
    if (this.isDirty[block]) return
    this.isDirty[block] = 1
    this.dirty.push(block)
  }

  /** The blocks that look different since it was asked last. */
  takeDirty(): number[] {
    const out = this.dirty
    for (const b of out) this.isDirty[b] = 0
    this.dirty = []
    return out
  }

  /** Whether a block may be given to a slot by hand, and why not. */
  refusal(block: number, slot: number): Refusal {
    if (this.locked[block]) return 'lockedBlock'
    const from = this.grid[block]!
    if ((from >= 0 && this.slots[from]!.locked) || (slot >= 0 && this.slots[slot]!.locked)) return 'lockedGrid'
    if (slot >= 0 && this.slots[slot]!.community >= 0 && this.slots[slot]!.community !== this.t.community[block]) return 'otherCommunity'
    return ''
  }

  /** Takes over what the server says of a grid. One that is gone has no blocks and no meaning any more. */
  hear(g: DraftGrid) {
    const s = this.slots[this.slot(g.key)]!
    Object.assign(s, { name: g.name, special: g.special, locked: g.locked, said: g, moved: false })
    const community = this.t.communities.indexOf(g.community)
    if (s.community < 0 && g.blocks > 0) s.community = community
    if (g.band === 'infeasible') this.infeasible.add(community)
    if (g.band === 'single') this.single.add(community)
    this.dirtySlots.add(this.slotOfKey.get(g.key)!)
  }

  /** Takes over confirmed changes; effects of acts that are still on their way stay on top. */
  confirm(patches: readonly Patch[], waiting: readonly Effect[]) {
    const changed = new Set<number>()
    for (const patch of patches) {
      for (const { key, grid } of patch.blocks) {
        const block = this.t.indexOf.get(key)
        if (block === undefined) continue // of ground that isn't loaded
        this.sure[block] = this.slot(grid)
        changed.add(block)
      }
      for (const { key, grid, locked } of patch.locked) this.setLock(grid || (key ?? 0), locked)
    }
    this.show(changed, waiting)
  }

  /** Shows blocks as confirmed and as what is on its way would have them. */
  show(blocks: ReadonlySet<number>, waiting: readonly Effect[]) {
    const wanted = new Map<number, number>()
    for (const b of blocks) wanted.set(b, this.sure[b]!)
    for (const e of waiting) {
      const slot = this.slot(e.grid)
      for (const key of e.blocks) {
        const b = this.t.indexOf.get(key)
        if (b !== undefined && wanted.has(b)) wanted.set(b, slot)
      }
    }
    for (const [b, slot] of wanted) this.put(b, slot)
  }

  /** Shows blocks again as they are without an act that came to nothing. */
  forget(effect: Effect, waiting: readonly Effect[]) {
    this.show(new Set(effect.blocks.flatMap((k) => this.t.indexOf.get(k) ?? [])), waiting)
  }

  /** Locks or unlocks a block, by its number, or a grid, by its key. */
  setLock(key: number | string, locked: boolean) {
    const block = typeof key === 'number' ? this.t.indexOf.get(key) : undefined
    const slot = typeof key === 'string' ? this.slotOfKey.get(key) : undefined
    if (slot !== undefined) {
      this.slots[slot]!.locked = locked
      this.dirtySlots.add(slot)
      for (let i = 0; i < this.t.n; i++) if (this.grid[i] === slot) this.touch(i)
    } else if (block !== undefined) {
      this.locked[block] = Number(locked)
      this.touch(block)
    }
  }

  isLocked(block: number): boolean {
    const s = this.grid[block]!
    return this.locked[block] === 1 || (s >= 0 && this.slots[s]!.locked)
  }

  deviation(s: Slot): number {
    return s.weight / this.settings.target - 1
  }

  /** The band by what is shown now. */
  band(s: Slot): string {
    if (s.special) return 'special'
    if (!s.moved && s.said) return s.said.band
    const within = s.weight >= this.settings.lower - 1e-9 && s.weight <= this.settings.upper + 1e-9
    if (within) return 'in'
    if (this.single.has(s.community) && this.gridsIn(s.community) === 1) return 'single'
    if (this.infeasible.has(s.community)) return 'infeasible'
    return s.weight > this.settings.upper ? 'over' : 'under'
  }

  private gridsIn(community: number): number {
    return this.slots.filter((s) => s.blocks > 0 && s.community === community).length
  }

  blocksOf(slot: number): number[] {
    const out: number[] = []
    for (let i = 0; i < this.t.n; i++) if (this.grid[i] === slot) out.push(i)
    return out
  }

  /** The connected parts of a slot, the one with most people first. */
  partsOf(slot: number): number[][] {
    const left = new Set(this.blocksOf(slot))
    const parts: number[][] = []
    for (const begin of left) {
      const part = [begin]
      left.delete(begin)
      for (let i = 0; i < part.length; i++)
        eachNeighbour(this.t, part[i]!, (other) => {
          if (left.delete(other)) part.push(other)
        })
      parts.push(part)
    }
    const people = (part: number[]) => part.reduce((sum, b) => sum + this.t.residents[b]!, 0)
    return parts.sort((a, b) => people(b) - people(a) || b.length - a.length)
  }

  /** How many parts it is in: as the server said, or counted when it has changed since. */
  parts(slot: number): number {
    const s = this.slots[slot]!
    return s.moved || !s.said ? this.partsOf(slot).length : s.said.parts
  }

  /** The grids beside one, by how many arcs they share with it. */
  neighboursOf(slot: number): number[] {
    const shared = new Map<number, number>()
    for (let a = 0; a < this.t.m; a++) {
      const [l, r] = this.sides(a)
      if (l === r || (l !== slot && r !== slot)) continue
      const other = l === slot ? r : l
      if (other >= 0) shared.set(other, (shared.get(other) ?? 0) + 1)
    }
    return [...shared].sort((a, b) => b[1] - a[1]).map(([s]) => s)
  }

  /** The slots left and right of an arc; −2 outside of the ground. */
  sides(arc: number): [number, number] {
    const [l, r] = [this.t.left[arc]!, this.t.right[arc]!]
    return [l < 0 ? -2 : this.grid[l]!, r < 0 ? -2 : this.grid[r]!]
  }

  /** Where its label stands: the point of the block nearest to the middle of the slot's ground. */
  labelOf(slot: number): [number, number] | undefined {
    const s = this.slots[slot]!
    if (!s.moved && s.said) return s.said.label
    const { at, area } = this.t
    let [x, y, all] = [0, 0, 0]
    const blocks = this.blocksOf(slot)
    for (const b of blocks) {
      x += at[2 * b]! * area[b]!
      y += at[2 * b + 1]! * area[b]!
      all += area[b]!
    }
    if (!blocks.length || all === 0) return undefined
    const [cx, cy] = [x / all, y / all]
    const off = (b: number) => Math.hypot(at[2 * b]! - cx, (at[2 * b + 1]! - cy) * this.t.stretch)
    const best = blocks.reduce((a, b) => (off(b) < off(a) ? b : a))
    return [at[2 * best]!, at[2 * best + 1]!]
  }

  boundsOf(blocks: readonly number[]): [number, number, number, number] | undefined {
    if (!blocks.length) return undefined
    const e: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
    const { bounds } = this.t
    for (const b of blocks) {
      e[0] = Math.min(e[0], bounds[4 * b]!)
      e[1] = Math.min(e[1], bounds[4 * b + 1]!)
      e[2] = Math.max(e[2], bounds[4 * b + 2]!)
      e[3] = Math.max(e[3], bounds[4 * b + 3]!)
    }
    return e
  }

  /** Gives colours to the slots whose neighbours have theirs. as: blocks that are to be seen in another slot than theirs. True when any changed. */
  recolour(as?: ReadonlyMap<number, number>): boolean {
    return this.dye(colouring(this.slots.length, this.borders(as), this.slots.map((s) => s.colour)))
  }

  /** Gives the slots these colours; those beyond the list keep theirs. */
  dye(given: ArrayLike<number>): boolean {
    let changed = false
    const others = new Set<number>()
    this.slots.forEach((s, i) => {
      if (i >= given.length || s.colour === given[i]) return
      s.colour = given[i]!
      others.add(i)
      changed = true
    })
    if (changed) for (let i = 0; i < this.t.n; i++) if (others.has(this.grid[i]!)) this.touch(i)
    return changed
  }

  private *borders(as?: ReadonlyMap<number, number>): Generator<[number, number]> {
    const { left, right, across } = this.t
    const slot = (block: number) => (block < 0 ? none : (as?.get(block) ?? this.grid[block]!))
    for (let a = 0; a < this.t.m; a++) {
      const [l, r] = [slot(left[a]!), slot(right[a]!)]
      if (l !== r && l >= 0 && r >= 0) yield [l, r]
    }
    for (let i = 0; i < across.length; i += 2) {
      const [a, b] = [slot(across[i]!), slot(across[i + 1]!)]
      if (a !== b && a >= 0 && b >= 0) yield [a, b]
    }
  }
}
