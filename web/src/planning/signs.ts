// What is written over communities, and the pattern on special grids. Neither changes while somebody paints, so both are written seldom.

import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import type { Feature, FeatureCollection, Point } from 'geojson'
import type { Board } from './board'
import { namesSource, specialsSource } from './layers'
import { outline } from './rings'
import type { Topology } from './topology'

/** Changes of special grids are shown after so many milliseconds without another one. */
const often = 400

export class Signs {
  /** What was written of each special grid, by slot. */
  private said = new Map<number, string>()
  private board: Board | undefined
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly map: MapLibre,
    private readonly nameOf: (community: string) => string,
  ) {}

  /** Another board: all of it is written. */
  show(board: Board) {
    this.board = board
    this.said = specials(board)
    this.writeSpecials(board)
    this.names = { type: 'FeatureCollection', features: this.named(board) }
    void this.map.getSource<GeoJSONSource>(namesSource)?.setData(this.names)
  }

  /** The communities' names where they stand. */
  names: FeatureCollection<Point> = { type: 'FeatureCollection', features: [] }

  private named(board: Board) {
    return namePlaces(board).map(({ community, at, residents }): Feature<Point> => ({ type: 'Feature', properties: { name: this.nameOf(board.t.communities[community]!), residents }, geometry: { type: 'Point', coordinates: at } }))
  }

  /** Looks whether special grids have changed, and gives those. */
  follow(board: Board): number[] {
    if (board !== this.board) return []
    const now = specials(board)
    const changed = [...new Set([...now.keys(), ...this.said.keys()])].filter((slot) => now.get(slot) !== this.said.get(slot))
    this.said = now
    if (!changed.length) return changed
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.writeSpecials(board), often)
    return changed
  }

  private writeSpecials(board: Board) {
    if (board !== this.board) return
    const blocks = Array.from(board.grid.keys()).filter((b) => board.slots[board.grid[b]!]?.special)
    const coordinates = blocks.length ? outline(board.t, blocks) : []
    void this.map.getSource<GeoJSONSource>(specialsSource)?.setData({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: { type: 'MultiPolygon', coordinates } }] })
  }

  remove() {
    this.board = undefined
    clearTimeout(this.timer)
  }
}

function specials(board: Board): Map<number, string> {
  const out = new Map<number, string>()
  board.slots.forEach((s, slot) => s.special && s.blocks && out.set(slot, `${s.special} ${s.blocks} ${s.area}`))
  return out
}

type Place = [number, number]

interface NamePlace {
  community: number
  at: Place
  residents: number
}

/** How much wider than high a name is, with a label beside it. */
const flat = 3

/** Where each community's name stands: near its middle, on a block as far as can be from where its grids' labels stand. */
export function namePlaces(board: Board): NamePlace[] {
  const { t } = board
  const labels = board.slots.flatMap((s, slot) => {
    const at = s.blocks ? board.labelOf(slot) : undefined
    return at ? [at] : []
  })
  return t.communities.flatMap((_, community) => {
    const blocks = Array.from({ length: t.n }, (_, b) => b).filter((b) => t.community[b] === community)
    if (!blocks.length) return []
    let [x, y, area, residents] = [0, 0, 0, 0]
    for (const b of blocks) {
      x += t.at[2 * b]! * t.area[b]!
      y += t.at[2 * b + 1]! * t.area[b]!
      area += t.area[b]!
      residents += t.residents[b]!
    }
    const middle: Place = [x / area, y / area]
    const side = Math.sqrt(area) / 111_320
    // A name is wide and flat: it is out of a label's way sooner above and below it than beside it.
    const clear = ([x, y]: Place) => Math.min(...labels.map((l) => Math.max(Math.abs(x - l[0]) / flat, Math.abs(y - l[1]) * t.stretch)))
    const good = (p: Place) => Math.min(clear(p), side / 3) - 0.18 * Math.hypot(p[0] - middle[0], (p[1] - middle[1]) * t.stretch)
    return [{ community, at: inside(t, community, blocks).reduce((a, b) => (good(b) > good(a) ? b : a)), residents }]
  })
}

/** Points in a community: of its blocks, and on the borders between them. */
function inside(t: Topology, community: number, blocks: readonly number[]): Place[] {
  const out = blocks.map((b): Place => [t.at[2 * b]!, t.at[2 * b + 1]!])
  const here = (b: number) => b >= 0 && t.community[b] === community
  for (let a = 0; a < t.m; a++) {
    if (!here(t.left[a]!) || !here(t.right[a]!)) continue
    const p = (t.start[a]! + t.start[a + 1]!) >> 1
    out.push([t.points[2 * p]!, t.points[2 * p + 1]!])
  }
  return out
}
