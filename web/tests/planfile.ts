// Makes last year's map of this year's: borders that two polygons share are bent on one side alone, outwards for an overlap, inwards for a gap.

import type { Feature, FeatureCollection, MultiPolygon, Position } from 'geojson'

type Grids = FeatureCollection<MultiPolygon>
interface Bend {
  feature: number
  part: number
  /** The bend comes after this point of the part's outer ring. */
  at: number
  apex: Position
}

const metre = 1 / 111_320

/** The first so many borders that are long enough are bent; says how many could be. */
export function flawed(from: Grids, overlaps: number, gaps: number): { net: Grids; overlaps: number; gaps: number } {
  const net = structuredClone(from)
  const owner = new Map<string, number>()
  net.features.forEach((f, i) => eachEdge(f, (p, q) => owner.set(edge(p, q), i)))
  const bends: Bend[] = []
  const counts = { overlap: 0, gap: 0 }
  const pairs = new Set<string>()
  net.features.forEach((f, i) =>
    eachEdge(f, (p, q, part, at) => {
      const other = owner.get(edge(q, p))
      const kind = counts.overlap < overlaps ? 'overlap' : 'gap'
      if (other === undefined || other === i || (kind === 'gap' && counts.gap === gaps)) return
      const pair = [Math.min(i, other), Math.max(i, other)].join()
      if (pairs.has(pair)) return
      const apex = apexInside(p, q, kind === 'overlap' ? net.features[other]! : f)
      if (!apex) return
      pairs.add(pair)
      counts[kind]++
      bends.push({ feature: i, part, at, apex })
    }),
  )
  for (const b of bends.toSorted((x, y) => y.at - x.at)) net.features[b.feature]!.geometry.coordinates[b.part]![0]!.splice(b.at + 1, 0, b.apex)
  return { net, overlaps: counts.overlap, gaps: counts.gap }
}

const edge = (p: Position, q: Position) => `${p.join()} ${q.join()}`

function eachEdge(f: Feature<MultiPolygon>, does: (p: Position, q: Position, part: number, at: number) => void) {
  f.geometry.coordinates.forEach(([ring], part) => {
    for (let i = 0; i + 1 < ring!.length; i++) does(ring![i]!, ring![i + 1]!, part, i)
  })
}

/** A point beside the middle of an edge, inside of a polygon and well away from its corners. */
function apexInside(p: Position, q: Position, f: Feature<MultiPolygon>): Position | undefined {
  const k = Math.cos((p[1]! * Math.PI) / 180)
  const [dx, dy] = [(q[0]! - p[0]!) * k, q[1]! - p[1]!]
  const long = Math.hypot(dx, dy) / metre
  if (long < 25) return undefined
  for (const push of [60, 35, 18].map((m) => m * metre)) for (const side of [1, -1]) {
    const to = (share: number, far: number): Position => [p[0]! + (q[0]! - p[0]!) * share + ((-dy / (long * metre)) * side * push * far) / k, p[1]! + dy * share + (dx / (long * metre)) * side * push * far]
    if ([to(0.5, 1.2), to(0.5, 0.5), to(0.3, 0.6), to(0.7, 0.6)].every((at) => inside(at, f))) return to(0.5, 1)
  }
  return undefined
}

function inside([x, y]: Position, f: Feature<MultiPolygon>): boolean {
  let is = false
  for (const ring of f.geometry.coordinates.flat())
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [a, b] = [ring[i]!, ring[j]!]
      if (a[1]! > y! !== b[1]! > y! && x! < ((b[0]! - a[0]!) * (y! - a[1]!)) / (b[1]! - a[1]!) + a[0]!) is = !is
    }
  return is
}
