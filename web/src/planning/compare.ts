// The draft beside what is live, on the map: which borders only one of the two has, and which colours the live grids have.

import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import type { Feature, LineString } from 'geojson'
import { none } from './board'
import type { Board } from './board'
import { borderLayers, borderPaint, compareLayers, compareSource } from './layers'
import { palette } from './palette'
import { arcPoints } from './rings'

/** Arcs that part two live grids and none of the draft's, and those that part two of the draft's and no live ones. */
export interface Differing {
  gone: number[]
  fresh: number[]
}

export function differing(board: Board): Differing {
  const { left, right, base, m } = board.t
  const out: Differing = { gone: [], fresh: [] }
  for (let a = 0; a < m; a++) {
    const [l, r] = [left[a]!, right[a]!]
    if (l < 0 || r < 0) continue // the ground's own edge
    const was = base[l] !== base[r]
    const is = board.grid[l] !== board.grid[r]
    if (was !== is) out[was ? 'gone' : 'fresh'].push(a)
  }
  return out
}

/**
 * The palette's number for each live grid: that of the draft's grid with the same code, so that the same grid has the same colour on both sides;
 * one that the draft no longer has gets a colour that none beside it has.
 */
export function liveColours(board: Board): Map<string, number> {
  const { base, left, right, across, m } = board.t
  const given = new Map<string, number>()
  for (const code of base) if (code) given.set(code, board.find(code)?.colour ?? none)
  const beside = new Map<string, Set<string>>([...given.keys()].map((code) => [code, new Set()]))
  const meet = (a: number, b: number) => {
    const [p, q] = [base[a], base[b]]
    if (a < 0 || b < 0 || !p || !q || p === q) return
    beside.get(p)!.add(q)
    beside.get(q)!.add(p)
  }
  for (let a = 0; a < m; a++) meet(left[a]!, right[a]!)
  for (let i = 0; i < across.length; i += 2) meet(across[i]!, across[i + 1]!)
  for (const [code, colour] of given) {
    if (colour >= 0) continue
    const used = new Set([...beside.get(code)!].map((o) => given.get(o)!))
    given.set(code, Math.max(0, palette.findIndex((_, c) => !used.has(c))))
  }
  return given
}

/** Shown so long after what was done last: a stroke isn't waited on. */
const often = 250

/** Draws the borders that differ, while that is wanted; the others stand back. */
export class Comparison {
  private on = false
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly map: MapLibre,
    private readonly board: () => Board | undefined,
  ) {}

  set(on: boolean) {
    if (on === this.on) return
    this.on = on
    borderLayers.forEach((layer, i) => {
      const paint = borderPaint(on)[i]!
      this.map.setPaintProperty(layer, 'line-color', paint['line-color'])
      this.map.setPaintProperty(layer, 'line-width', paint['line-width'])
    })
    for (const layer of compareLayers) this.map.setLayoutProperty(layer, 'visibility', on ? 'visible' : 'none')
    if (on) this.write()
  }

  /** The board has changed. */
  touch() {
    if (!this.on) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.write(), often)
  }

  private write() {
    const board = this.board()
    if (!board) return
    const { gone, fresh } = differing(board)
    const line = (k: keyof Differing) => (a: number): Feature<LineString> => ({ type: 'Feature', properties: { k }, geometry: { type: 'LineString', coordinates: arcPoints(board.t, a) } })
    void this.map.getSource<GeoJSONSource>(compareSource)?.setData({ type: 'FeatureCollection', features: [...gone.map(line('gone')), ...fresh.map(line('fresh'))] })
  }

  remove() {
    clearTimeout(this.timer)
  }
}
