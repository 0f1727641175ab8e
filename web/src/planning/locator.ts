// Which block lies under the pointer, under a brush, in a lasso; which arc is near. A net of equal cells over the ground, each with the
// blocks whose bounds touch it.

import { holdsPoint } from './rings'
import type { Topology } from './topology'

export class Locator {
  private readonly nx: number
  private readonly ny: number
  private readonly dx: number
  private readonly dy: number
  private readonly cellStart: Int32Array
  private readonly cells: Int32Array
  private readonly seen: Int32Array
  private turn = 0

  constructor(private readonly t: Topology) {
    const [w, s, e, n] = t.extent
    const side = Math.max(1, Math.ceil(Math.sqrt(t.n / 2)))
    this.nx = this.ny = side
    this.dx = (e - w) / side || 1
    this.dy = (n - s) / side || 1
    this.seen = new Int32Array(t.n)
    const count = new Int32Array(side * side + 1)
    this.eachCell((cell) => count[cell + 1]!++)
    for (let c = 0; c < side * side; c++) count[c + 1]! += count[c]!
    this.cellStart = count
    this.cells = new Int32Array(count[side * side]!)
    const next = count.slice()
    this.eachCell((cell, block) => (this.cells[next[cell]!++] = block))
  }

  private eachCell(each: (cell: number, block: number) => void) {
    const { bounds, n } = this.t
    for (let i = 0; i < n; i++) {
      const [x0, y0] = this.cellOf(bounds[4 * i]!, bounds[4 * i + 1]!)
      const [x1, y1] = this.cellOf(bounds[4 * i + 2]!, bounds[4 * i + 3]!)
      for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) each(y * this.nx + x, i)
    }
  }

  private cellOf(lon: number, lat: number): [number, number] {
    const within = (v: number, n: number) => (v < 0 ? 0 : v >= n ? n - 1 : v)
    return [within(Math.floor((lon - this.t.extent[0]) / this.dx), this.nx), within(Math.floor((lat - this.t.extent[1]) / this.dy), this.ny)]
  }

  /** Calls each once with every block whose bounds may touch a rectangle. */
  private near(w: number, s: number, e: number, n: number, each: (block: number) => void) {
    const turn = ++this.turn
    const [x0, y0] = this.cellOf(w, s)
    const [x1, y1] = this.cellOf(e, n)
    for (let y = y0; y <= y1; y++)
      for (let x = x0; x <= x1; x++) {
        const cell = y * this.nx + x
        for (let k = this.cellStart[cell]!; k < this.cellStart[cell + 1]!; k++) {
          const block = this.cells[k]!
          if (this.seen[block] === turn) continue
          this.seen[block] = turn
          each(block)
        }
      }
  }

  /** The block at a position, −1: none. */
  at(lon: number, lat: number): number {
    const { bounds, extent } = this.t
    if (this.t.n === 0 || lon < extent[0] || lon > extent[2] || lat < extent[1] || lat > extent[3]) return -1
    const [x, y] = this.cellOf(lon, lat)
    const cell = y * this.nx + x
    for (let k = this.cellStart[cell]!; k < this.cellStart[cell + 1]!; k++) {
      const b = this.cells[k]!
      if (lon < bounds[4 * b]! || lon > bounds[4 * b + 2]! || lat < bounds[4 * b + 1]! || lat > bounds[4 * b + 3]!) continue
      if (this.holds(b, lon, lat)) return b
    }
    return -1
  }

  /** Even-odd over the block's arcs, in whatever order they are. */
  private holds(block: number, lon: number, lat: number): boolean {
    const { arcStart, arcsOf, start, points } = this.t
    let inside = false
    for (let k = arcStart[block]!; k < arcStart[block + 1]!; k++) {
      const a = arcsOf[k]! < 0 ? ~arcsOf[k]! : arcsOf[k]!
      for (let p = start[a]! + 1; p < start[a + 1]!; p++) {
        const [xi, yi, xj, yj] = [points[2 * p - 2]!, points[2 * p - 1]!, points[2 * p]!, points[2 * p + 1]!]
        if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside
      }
    }
    return inside
  }

  /**
   * What a round brush takes on its way from one position to another: the blocks whose own point it passes over, and those right under
   * its middle. radius in degrees of longitude.
   */
  brushed(from: readonly [number, number], to: readonly [number, number], radius: number, take: (block: number) => void) {
    const { at, stretch } = this.t
    const flat = radius / stretch
    const taken = new Set<number>()
    const give = (b: number) => {
      if (b < 0 || taken.has(b)) return
      taken.add(b)
      take(b)
    }
    if (radius > 0)
      this.near(Math.min(from[0], to[0]) - radius, Math.min(from[1], to[1]) - flat, Math.max(from[0], to[0]) + radius, Math.max(from[1], to[1]) + flat, (b) => {
        if (distance(at[2 * b]!, at[2 * b + 1]! * stretch, from[0], from[1] * stretch, to[0], to[1] * stretch) <= radius) give(b)
      })
    // A pointer that moves fast leaves gaps that a block may lie in.
    const length = Math.hypot(to[0] - from[0], (to[1] - from[1]) * stretch)
    const steps = Math.min(200, Math.max(1, Math.ceil(length / (Math.min(this.dx, this.dy * stretch) / 4))))
    for (let i = 0; i <= steps; i++) give(this.at(from[0] + ((to[0] - from[0]) * i) / steps, from[1] + ((to[1] - from[1]) * i) / steps))
  }

  /** The blocks whose own point lies in a ring. */
  inRing(ring: readonly (readonly [number, number])[]): number[] {
    if (ring.length < 3) return []
    const xs = ring.map((p) => p[0])
    const ys = ring.map((p) => p[1])
    const out: number[] = []
    this.near(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys), (b) => {
      if (holdsPoint(ring, this.t.at[2 * b]!, this.t.at[2 * b + 1]!)) out.push(b)
    })
    return out
  }

  /** The arc nearest to a position among those that are wanted, −1 when none is within reach (degrees of longitude). */
  arcNear(lon: number, lat: number, reach: number, wanted: (arc: number) => boolean): number {
    const { arcStart, arcsOf, start, points, stretch } = this.t
    let best = -1
    let least = reach
    const flat = reach / stretch
    this.near(lon - reach, lat - flat, lon + reach, lat + flat, (b) => {
      for (let k = arcStart[b]!; k < arcStart[b + 1]!; k++) {
        const a = arcsOf[k]! < 0 ? ~arcsOf[k]! : arcsOf[k]!
        if (!wanted(a)) continue
        for (let p = start[a]! + 1; p < start[a + 1]!; p++) {
          const d = distance(lon, lat * stretch, points[2 * p - 2]!, points[2 * p - 1]! * stretch, points[2 * p]!, points[2 * p + 1]! * stretch)
          if (d < least) [best, least] = [a, d]
        }
      }
    })
    return best
  }
}

/** Of a point from a stretch of line. */
function distance(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const f = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
  return Math.hypot(x - ax - f * dx, y - ay - f * dy)
}
