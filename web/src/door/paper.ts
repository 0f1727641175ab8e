// The map on the paper behind the door: a town that doesn't exist, woven of warp and weft as the house's name says. Streets are
// the lines u = const and v = const of a bent lattice; what stands between them is placed in the lattice and bent with it.
// Pure: the same seed draws the same town.

export interface Paper {
  /** SVG paths. */
  parks: string
  yards: string
  buildings: string
  river: string
  lanes: string
  streets: string
  mainStreets: string
  borders: string
  /** The ground of the grid that is chosen, and its border. */
  chosenGround: string
  chosenBorder: string
  labels: { x: number; y: number; text: string }[]
}

type Point = [x: number, y: number]

const columns = 22
const rows = 16
const size = 84

/** A generator of numbers in [0, 1): mulberry32. */
function dice(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Lattice to paper: turned a little, and bent by slow waves, so that it looks grown and not ruled. */
function bend(u: number, v: number): Point {
  const x = u * size + 15 * Math.sin(v * 0.55 + 0.6) + 9 * Math.sin(u * 0.8 + v * 0.3)
  const y = v * size + 17 * Math.sin(u * 0.42 + 1.1) + 8 * Math.cos(v * 0.9 - u * 0.25)
  const turn = -0.11
  return [x * Math.cos(turn) - y * Math.sin(turn) - 190, x * Math.sin(turn) + y * Math.cos(turn) + 20]
}

/** Where the river runs: its v at a u. */
const course = (u: number) => 8.6 + 2.3 * Math.sin(u * 0.33 + 0.4) + 0.5 * Math.sin(u * 0.9)
const bank = (u: number) => 0.42 + 0.1 * Math.sin(u * 0.7)

const shown = ([x, y]: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`
const line = (points: Point[]) => 'M' + points.map(shown).join('L')
const ring = (points: Point[]) => line(points) + 'Z'

function along(from: Point, to: Point, steps: number): Point[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = i / steps
    return bend(from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t)
  })
}

/** A rectangle of the lattice, bent. */
function rectangle(u0: number, v0: number, u1: number, v1: number, steps = 1): Point[] {
  const corners: Point[] = [[u0, v0], [u1, v0], [u1, v1], [u0, v1]]
  return corners.flatMap((c, i) => along(c, corners[(i + 1) % 4]!, steps).slice(0, -1))
}

/** Which grid each cell of the lattice belongs to: two by two, some of three or of one column. */
function grids(roll: () => number): number[][] {
  const of = Array.from({ length: rows }, () => Array<number>(columns).fill(0))
  let n = 0
  for (let v = 0; v < rows; v += 2)
    for (let u = 0; u < columns; ) {
      const wide = Math.min(roll() < 0.3 ? 3 : roll() < 0.2 ? 1 : 2, columns - u)
      const split = wide > 1 && roll() < 0.25
      n++
      for (let du = 0; du < wide; du++) {
        of[v]![u + du] = n
        of[v + 1]![u + du] = split ? n + 1 : n
      }
      if (split) n++
      u += wide
    }
  return of
}

/** Rows of houses as they stand in a compound: long ones, side by side, facing south. */
function compound(u: number, v: number, roll: () => number): Point[][] {
  const out: Point[][] = []
  const inset = 0.15
  const lines = roll() < 0.5 ? 3 : 4
  const pitch = (1 - 2 * inset) / lines
  for (let i = 0; i < lines; i++) {
    const top = v + inset + i * pitch + pitch * 0.22
    let at = u + inset
    while (at < u + 1 - inset - 0.1) {
      const length = Math.min(0.16 + roll() * 0.2, u + 1 - inset - at)
      if (length > 0.09 && roll() > 0.08) out.push(rectangle(at, top, at + length, top + pitch * 0.5))
      at += length + 0.05
    }
  }
  return out
}

/** A few large houses round a yard. */
function hall(u: number, v: number, roll: () => number): Point[][] {
  const a = 0.2 + roll() * 0.1
  const out = [rectangle(u + 0.16, v + 0.16, u + 0.16 + 0.5, v + 0.16 + a), rectangle(u + 0.16, v + 0.56, u + 0.16 + a, v + 0.84)]
  if (roll() < 0.7) out.push(rectangle(u + 0.6, v + 0.52, u + 0.84, v + 0.84))
  return out
}

/** Draws the town of a seed, on a sheet of 1600 by 1100. */
export function paperOf(seed: number): Paper {
  const roll = dice(seed)
  const of = grids(roll)
  const parks: string[] = []
  const yards: string[] = []
  const buildings: string[] = []
  const lanes: string[] = []
  for (let v = 0; v < rows; v++)
    for (let u = 0; u < columns; u++) {
      const wet = Math.abs(v + 0.5 - course(u + 0.5)) < bank(u) + 0.55
      const kind = roll()
      if (wet || kind < 0.07) {
        parks.push(ring(rectangle(u + 0.05, v + 0.05, u + 0.95, v + 0.95, 4)))
        continue
      }
      if (kind > 0.88) yards.push(ring(rectangle(u + 0.06, v + 0.06, u + 0.94, v + 0.94, 4)))
      buildings.push(...(kind > 0.88 ? hall(u, v, roll) : compound(u, v, roll)).map(ring))
      if (kind > 0.4 && kind < 0.56) lanes.push(line(along([u + 0.5, v], [u + 0.5, v + 1], 3)))
    }
  const streets: string[] = []
  const mainStreets: string[] = []
  for (let u = 0; u <= columns; u++) (u % 4 === 2 ? mainStreets : streets).push(line(along([u, 0], [u, rows], rows * 3)))
  for (let v = 0; v <= rows; v++) (v % 4 === 0 ? mainStreets : streets).push(line(along([0, v], [columns, v], columns * 3)))

  const shore = (side: 1 | -1) => Array.from({ length: columns * 4 + 1 }, (_, i) => bend(i / 4, course(i / 4) + side * bank(i / 4)))
  return {
    parks: parks.join(''),
    yards: yards.join(''),
    buildings: buildings.join(''),
    lanes: lanes.join(''),
    streets: streets.join(''),
    mainStreets: mainStreets.join(''),
    river: ring([...shore(1), ...shore(-1).reverse()]),
    ...outlines(of),
  }
}

/** The borders between grids, the one that is chosen, and the numbers. */
function outlines(of: number[][]): Pick<Paper, 'borders' | 'chosenGround' | 'chosenBorder' | 'labels'> {
  const borders: string[] = []
  const chosen: string[] = []
  const sums = new Map<number, { u: number; v: number; n: number }>()
  const pick = of[7]![6]!
  const cells: string[] = []
  for (let v = 0; v < rows; v++)
    for (let u = 0; u < columns; u++) {
      const here = of[v]![u]!
      const sum = sums.get(here) ?? { u: 0, v: 0, n: 0 }
      sums.set(here, { u: sum.u + u + 0.5, v: sum.v + v + 0.5, n: sum.n + 1 })
      if (here === pick) cells.push(ring(rectangle(u, v, u + 1, v + 1, 4)))
      const sides: [number | undefined, Point, Point][] = [
        [of[v]![u + 1], [u + 1, v], [u + 1, v + 1]],
        [of[v + 1]?.[u], [u, v + 1], [u + 1, v + 1]],
      ]
      for (const [there, from, to] of sides) {
        if (there === undefined || there === here) continue
        ;(there === pick || here === pick ? chosen : borders).push(line(along(from, to, 4)))
      }
    }
  const labels = [...sums].map(([n, s]) => {
    const [x, y] = bend(s.u / s.n, s.v / s.n)
    return { x: Math.round(x), y: Math.round(y), text: String(n).padStart(3, '0') }
  })
  return { borders: borders.join(''), chosenGround: cells.join(''), chosenBorder: chosen.join(''), labels }
}
