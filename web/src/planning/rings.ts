// Polygons out of arcs: a block's, and that of any set of blocks, by following the arcs that have it on one side.

import type { Topology } from './topology'

type Ring = [number, number][]

/** The rings of one block: the shell first, counter-clockwise, then its holes. */
export function blockPolygon(t: Topology, block: number): Ring[] {
  return ordered(ringsOf(t, t.arcsOf.subarray(t.arcStart[block], t.arcStart[block + 1])))[0] ?? []
}

/** The polygons of a set of blocks: the arcs that have them on both sides are left out. */
export function outline(t: Topology, blocks: Iterable<number>): Ring[][] {
  const inside = new Set(blocks)
  const edge: number[] = []
  for (const b of inside)
    for (let k = t.arcStart[b]!; k < t.arcStart[b + 1]!; k++) {
      const signed = t.arcsOf[k]!
      const other = signed < 0 ? t.left[~signed]! : t.right[signed]!
      if (other < 0 || !inside.has(other)) edge.push(signed)
    }
  return ordered(ringsOf(t, edge))
}

const first = (t: Topology, signed: number) => (signed < 0 ? t.start[~signed + 1]! - 1 : t.start[signed]!)
const last = (t: Topology, signed: number) => (signed < 0 ? t.start[~signed]! : t.start[signed + 1]! - 1)

/** Follows arcs, each with the ground on its left, into closed rings. */
function ringsOf(t: Topology, arcs: ArrayLike<number>): Ring[] {
  const node = nodes(t)
  const from = new Map<number, number[]>()
  for (let i = 0; i < arcs.length; i++) {
    const at = node(first(t, arcs[i]!))
    const out = from.get(at)
    if (out) out.push(arcs[i]!)
    else from.set(at, [arcs[i]!])
  }
  const rings: Ring[] = []
  const used = new Set<number>()
  for (let i = 0; i < arcs.length; i++) {
    const begin = arcs[i]!
    if (used.has(begin)) continue
    const walk: number[] = []
    let now: number | undefined = begin
    do {
      used.add(now)
      walk.push(now)
      now = onward(t, now, (from.get(node(last(t, now))) ?? []).filter((a) => a === begin || !used.has(a)))
    } while (now !== undefined && now !== begin)
    for (const loop of loops(walk, (a) => node(first(t, a)))) {
      const ring: Ring = []
      for (const a of loop) append(t, ring, a)
      if (ring.length > 3) rings.push(ring)
    }
  }
  return rings
}

/** Cuts a way round that passes a point twice into ways that don't: a hole that touches the shell is a ring of its own. */
function loops(walk: number[], begins: (arc: number) => number): number[][] {
  const out: number[][] = []
  const open: number[] = []
  const at = new Map<number, number>()
  for (const arc of walk) {
    const point = begins(arc)
    const before = at.get(point)
    if (before !== undefined) {
      const loop = open.splice(before)
      for (const a of loop) at.delete(begins(a))
      out.push(loop)
    }
    at.set(point, open.length)
    open.push(arc)
  }
  return [...out, open]
}

/** One number for a position. The points are on a lattice of 1e-7 degree, so equal positions are equal numbers. */
function nodes(t: Topology): (point: number) => number {
  const [x0, y0] = [Math.round(t.extent[0] * 1e7), Math.round(t.extent[1] * 1e7)]
  return (p) => (Math.round(t.points[2 * p]! * 1e7) - x0) * 0x4000000 + (Math.round(t.points[2 * p + 1]! * 1e7) - y0)
}

function append(t: Topology, ring: Ring, signed: number) {
  const step = signed < 0 ? -1 : 1
  const end = last(t, signed)
  for (let p = first(t, signed); ; p += step) {
    if (p !== first(t, signed) || ring.length === 0) ring.push([t.points[2 * p]!, t.points[2 * p + 1]!])
    if (p === end) break
  }
}

/**
 * Where a ring goes on. At a point where the ground touches itself several ways lead on: the one that is met first when turning right from
 * where it came has the same ground on its left, so that blocks which touch in a point are not taken for one.
 */
function onward(t: Topology, came: number, ways: number[]): number | undefined {
  if (ways.length < 2) return ways[0]
  const end = last(t, came)
  const before = end + (came < 0 ? 1 : -1)
  const back = direction(t, end, before)
  let best: number | undefined
  let least = Infinity
  for (const way of ways) {
    const p = first(t, way)
    const turn = (back - direction(t, p, p + (way < 0 ? -1 : 1)) + 4 * Math.PI) % (2 * Math.PI)
    if (turn > 1e-12 && turn < least) [best, least] = [way, turn]
  }
  return best ?? ways[0]
}

function direction(t: Topology, from: number, to: number): number {
  return Math.atan2(t.points[2 * to + 1]! - t.points[2 * from + 1]!, t.points[2 * to]! - t.points[2 * from]!)
}

/** Twice the area, positive counter-clockwise. */
function twiceArea(ring: Ring): number {
  const [x0, y0] = ring[0]!
  let sum = 0
  for (let i = 1; i < ring.length; i++) sum += (ring[i - 1]![0] - x0) * (ring[i]![1] - y0) - (ring[i]![0] - x0) * (ring[i - 1]![1] - y0)
  return sum
}

/** Shells with the holes that lie in them, the largest first. */
function ordered(rings: Ring[]): Ring[][] {
  const shells = rings.filter((r) => twiceArea(r) > 0).sort((a, b) => twiceArea(b) - twiceArea(a))
  const polygons = shells.map((s) => [s])
  for (const hole of rings.filter((r) => twiceArea(r) < 0)) {
    const owner = polygons.findLast((p) => holdsRing(p[0]!, hole)) ?? polygons[0]
    owner?.push(hole)
  }
  return polygons
}

/** Whether a ring lies in another: by the middle of an edge, because its corners may lie on the border. */
function holdsRing(shell: Ring, ring: Ring): boolean {
  const [a, b] = [ring[0]!, ring[1]!]
  return holdsPoint(shell, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
}

/** Even-odd. */
export function holdsPoint(ring: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!
    const [xj, yj] = ring[j]!
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

/** The points of an arc. */
export function arcPoints(t: Topology, a: number): [number, number][] {
  const out: [number, number][] = []
  for (let p = t.start[a]!; p < t.start[a + 1]!; p++) out.push([t.points[2 * p]!, t.points[2 * p + 1]!])
  return out
}
