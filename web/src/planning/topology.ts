// The ground of a draft in the browser's memory: blocks as numbers 0 … n−1, and the arcs between them, each with a block on its left
// and one on its right. Everything the pointer asks is answered from here, so nothing waits for the server. Plain arrays: a town has
// some thousands of blocks, a county's part up to forty thousand, and they are looked at in every frame.

import type { Ground } from '../api/drafts'

/** What runs along an arc, as the server counts it. From street on, people take it for a border. */
export const street = 2

export interface Topology {
  communities: string[]
  /** How many blocks. */
  n: number
  keys: Float64Array
  indexOf: Map<number, number>
  community: Int32Array
  /** The live grid of each block, '' for none. */
  base: string[]
  residents: Float64Array
  weight: Float64Array
  houses: Float64Array
  /** lon, lat of a point inside each block. */
  at: Float64Array
  /** Whether its people are known: 0 none, 1 an estimate, 2 registered. */
  people: Uint8Array
  /** Which compound it belongs to, −1: none. */
  compound: Int32Array
  compounds: string[]
  /** m². */
  area: Float64Array
  /** west, south, east, north of each block. */
  bounds: Float64Array
  /** How many arcs. */
  m: number
  left: Int32Array
  right: Int32Array
  barrier: Uint8Array
  names: string[]
  /** lon, lat of all arcs' points one after the other; arc a has those from start[a] to start[a + 1]. */
  points: Float64Array
  start: Int32Array
  /** The arcs of block i are those from arcStart[i] to arcStart[i + 1]: a with the block on its left, ~a on its right. */
  arcStart: Int32Array
  arcsOf: Int32Array
  /** Pairs of blocks, one after the other, that touch across the border of their communities. */
  across: Int32Array
  /** Degrees of longitude that are as long as one of latitude: 1 / cos of the middle. */
  stretch: number
  /** west, south, east, north of all. */
  extent: [number, number, number, number]
}

const unit = 1e-7
const metresPerDegree = 111_320
const peopleCode = { none: 0, estimate: 1, known: 2 } as const

/** Reads what the server sent. An arc that names a block which isn't there counts as the ground's edge. */
export function decode(ground: Ground): Topology {
  const blocks = ground.communities.flatMap((c, i) => c.blocks.map((b) => ({ ...b, in: i })))
  const n = blocks.length
  const indexOf = new Map(blocks.map((b, i) => [b.key, i]))
  const compoundIndex = new Map<string, number>()
  const compoundOf = (name: string | undefined) => {
    if (!name) return -1
    if (!compoundIndex.has(name)) compoundIndex.set(name, compoundIndex.size)
    return compoundIndex.get(name)!
  }
  const arcs = ground.communities.flatMap((c) => c.arcs)
  const m = arcs.length
  const t: Topology = {
    communities: ground.communities.map((c) => c.code),
    n,
    keys: Float64Array.from(blocks, (b) => b.key),
    indexOf,
    community: Int32Array.from(blocks, (b) => b.in),
    base: blocks.map((b) => b.base),
    residents: Float64Array.from(blocks, (b) => b.residents),
    weight: Float64Array.from(blocks, (b) => b.weight),
    houses: Float64Array.from(blocks, (b) => b.houses),
    at: Float64Array.from(blocks.flatMap((b) => b.at)),
    people: Uint8Array.from(blocks, (b) => peopleCode[b.people] ?? 0),
    compound: Int32Array.from(blocks, (b) => compoundOf(b.compound)),
    compounds: [],
    area: new Float64Array(n),
    bounds: new Float64Array(4 * n),
    m,
    left: Int32Array.from(arcs, (a) => indexOf.get(a.l) ?? -1),
    right: Int32Array.from(arcs, (a) => indexOf.get(a.r) ?? -1),
    barrier: Uint8Array.from(arcs, (a) => a.b),
    names: arcs.map((a) => a.n ?? ''),
    points: new Float64Array(arcs.reduce((sum, a) => sum + a.p.length, 0)),
    start: new Int32Array(m + 1),
    arcStart: new Int32Array(n + 1),
    arcsOf: new Int32Array(0),
    across: new Int32Array(0),
    stretch: 1,
    extent: [0, 0, 0, 0],
  }
  t.compounds = [...compoundIndex.keys()]
  readPoints(t, arcs.map((a) => a.p))
  linkArcs(t)
  measure(t)
  t.across = joinCommunities(t)
  return t
}

function readPoints(t: Topology, all: number[][]) {
  let at = 0
  all.forEach((p, a) => {
    let x = 0
    let y = 0
    for (let i = 0; i + 1 < p.length; i += 2) {
      x += p[i]!
      y += p[i + 1]!
      t.points[2 * at] = x * unit
      t.points[2 * at + 1] = y * unit
      at++
    }
    t.start[a + 1] = at
  })
}

function linkArcs(t: Topology) {
  const count = new Int32Array(t.n + 1)
  for (let a = 0; a < t.m; a++) {
    if (t.left[a]! >= 0) count[t.left[a]!]!++
    if (t.right[a]! >= 0) count[t.right[a]!]!++
  }
  for (let i = 0; i < t.n; i++) t.arcStart[i + 1] = t.arcStart[i]! + count[i]!
  t.arcsOf = new Int32Array(t.arcStart[t.n]!)
  const next = t.arcStart.slice()
  for (let a = 0; a < t.m; a++) {
    const [l, r] = [t.left[a]!, t.right[a]!]
    if (l >= 0) t.arcsOf[next[l]!++] = a
    if (r >= 0) t.arcsOf[next[r]!++] = ~a
  }
}

/**
 * Each community comes with arcs of its own, whose other side is outside. Neighbours across the border have the very same vertices there, so
 * they are found by the stretches they both have, in opposite directions.
 */
function joinCommunities(t: Topology): Int32Array {
  if (t.communities.length < 2) return new Int32Array(0)
  const [x0, y0] = [Math.round(t.extent[0] / unit), Math.round(t.extent[1] / unit)]
  const node = (p: number) => (Math.round(t.points[2 * p]! / unit) - x0) * 0x4000000 + (Math.round(t.points[2 * p + 1]! / unit) - y0)
  const held = new Map<string, number>()
  const pairs = new Set<number>()
  for (let a = 0; a < t.m; a++) {
    const [l, r] = [t.left[a]!, t.right[a]!]
    if ((l < 0) === (r < 0)) continue
    for (let p = t.start[a]!; p + 1 < t.start[a + 1]!; p++) {
      const [u, v] = [node(p), node(p + 1)]
      const block = l < 0 ? r : l
      const key = u < v ? u + ',' + v : v + ',' + u
      const other = held.get(key)
      if (other === undefined) held.set(key, block)
      else if (t.community[other] !== t.community[block]) pairs.add(Math.min(block, other) * t.n + Math.max(block, other))
    }
  }
  return Int32Array.from([...pairs].flatMap((p) => [Math.floor(p / t.n), p % t.n]))
}

/** Bounds and areas, in the plane that lies on the middle of the ground. */
function measure(t: Topology) {
  const e: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i < t.points.length; i += 2) {
    const [x, y] = [t.points[i]!, t.points[i + 1]!]
    if (x < e[0]) e[0] = x
    if (y < e[1]) e[1] = y
    if (x > e[2]) e[2] = x
    if (y > e[3]) e[3] = y
  }
  t.extent = t.points.length ? e : [0, 0, 0, 0]
  const narrow = Math.cos((((t.extent[1] + t.extent[3]) / 2) * Math.PI) / 180)
  t.stretch = 1 / narrow
  const perSquare = metresPerDegree * metresPerDegree * narrow
  const [x0, y0] = [t.extent[0], t.extent[1]]
  for (let i = 0; i < t.n; i++) {
    const b = [Infinity, Infinity, -Infinity, -Infinity]
    let twice = 0
    for (let k = t.arcStart[i]!; k < t.arcStart[i + 1]!; k++) {
      const signed = t.arcsOf[k]!
      const a = signed < 0 ? ~signed : signed
      let sum = 0
      for (let p = t.start[a]!; p < t.start[a + 1]!; p++) {
        const [x, y] = [t.points[2 * p]!, t.points[2 * p + 1]!]
        if (x < b[0]!) b[0] = x
        if (y < b[1]!) b[1] = y
        if (x > b[2]!) b[2] = x
        if (y > b[3]!) b[3] = y
        if (p + 1 < t.start[a + 1]!) sum += (x - x0) * (t.points[2 * p + 3]! - y0) - (t.points[2 * p + 2]! - x0) * (y - y0)
      }
      twice += signed < 0 ? -sum : sum
    }
    t.bounds.set(b, 4 * i)
    t.area[i] = (Math.abs(twice) / 2) * perSquare
  }
}

/** Calls each with the blocks that share a border with this one, and the arc; a block that shares several arcs comes several times. */
export function eachNeighbour(t: Topology, block: number, each: (other: number, arc: number) => void) {
  for (let k = t.arcStart[block]!; k < t.arcStart[block + 1]!; k++) {
    const signed = t.arcsOf[k]!
    const a = signed < 0 ? ~signed : signed
    const other = signed < 0 ? t.left[a]! : t.right[a]!
    if (other >= 0 && other !== block) each(other, a)
  }
}

/** All blocks that are reached from some without crossing an arc that stops, where may says so. */
export function flood(t: Topology, from: readonly number[], stops: (arc: number) => boolean, may: (block: number) => boolean): number[] {
  const seen = new Set(from)
  const out = [...from]
  for (let i = 0; i < out.length; i++)
    eachNeighbour(t, out[i]!, (other, arc) => {
      if (seen.has(other) || stops(arc) || !may(other)) return
      seen.add(other)
      out.push(other)
    })
  return out
}

/** All blocks of the face between streets that this one lies in. */
export function faceOf(t: Topology, block: number): number[] {
  return flood(t, [block], (arc) => t.barrier[arc]! >= street, () => true)
}

/** All blocks of the compound that this one belongs to; itself alone when it belongs to none. */
export function compoundOf(t: Topology, block: number): number[] {
  const c = t.compound[block]!
  if (c < 0) return [block]
  const out: number[] = []
  for (let i = 0; i < t.n; i++) if (t.compound[i] === c && t.community[i] === t.community[block]) out.push(i)
  return out
}
