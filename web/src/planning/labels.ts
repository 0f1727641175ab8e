// The labels of the grids on the planner's map. Those that change while somebody paints are for the time being elements above it: the
// source with all of them, written anew with every stroke, would have the worker lay out every tile and the page take it in again.

import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import type { Feature, Point } from 'geojson'
import type { Board, Slot } from './board'
import { LabelsAbove } from './labelsabove'
import type { LabelAbove } from './labelsabove'
import { labelsLayers, labelsSource } from './layers'

export interface LabelText {
  short: string
  count: string
  ink: string
  /** The picture behind it, '' for none. */
  tag: string
}

/** Labels follow what is painted not more often than this, in milliseconds. */
const often = 120
/** After so long a rest all labels are in the map again. */
const rest = 1500
/** When so many change at once it isn't somebody's brush. */
const many = 24

/** The order of a chosen grid's label. */
const first = -100

/** z: the zoom from which its ground has room for all of it. */
type Label = Feature<Point, LabelText & { order: number; z: number }>

export class Labels {
  /** What the source of all says of a slot. */
  private readonly said = new Map<number, string>()
  private moving = new Set<number>()
  private readonly touched = new Set<number>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private resting: ReturnType<typeof setTimeout> | undefined
  private writtenAt = 0
  private over = false
  private readonly above: LabelsAbove

  constructor(
    private readonly map: MapLibre,
    private readonly text: (slot: Slot, at: number) => LabelText,
    private readonly now: () => { board: Board | undefined; chosen: ReadonlySet<number> },
  ) {
    this.above = new LabelsAbove(map)
  }

  /** Something of a grid changed: its label follows, not with every frame. */
  touch(slot: number) {
    if (slot >= 0) this.touched.add(slot)
    if (this.timer) return
    const wait = Math.max(0, this.writtenAt + often - performance.now())
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.follow()
    }, wait)
  }

  private follow() {
    if (this.touched.size > many) return void this.write()
    const above = new Map<number, LabelAbove>()
    const moving = new Set<number>()
    for (const slot of [...this.touched, ...this.moving]) {
      const label = this.label(slot)
      if (this.said.get(slot) === written(label)) continue
      moving.add(slot)
      if (label) above.set(slot, { ...label.properties, at: label.geometry.coordinates as [number, number] })
    }
    this.touched.clear()
    this.writtenAt = performance.now()
    this.hide(moving)
    this.above.show(above)
    clearTimeout(this.resting)
    if (moving.size) this.resting = setTimeout(() => void this.write(), rest)
  }

  /** Puts all labels where the grids are now. */
  async write() {
    clearTimeout(this.resting)
    this.touched.clear()
    this.writtenAt = performance.now()
    this.said.clear()
    const labels = (this.now().board?.slots ?? []).flatMap((_, slot) => this.label(slot) ?? [])
    for (const label of labels) this.said.set(Number(label.id) - 1, written(label))
    await this.map.getSource<GeoJSONSource>(labelsSource)?.setData({ type: 'FeatureCollection', features: labels })
    if (!this.over) this.follow() // what moved while it was written, and nothing moves any more where it is as it was written
  }

  private label(slot: number): Label | undefined {
    const { board, chosen } = this.now()
    const s = board?.slots[slot]
    const at = s?.blocks ? board!.labelOf(slot) : undefined
    if (!s || !at) return undefined
    const order = chosen.has(slot) ? first : -Math.abs(board!.deviation(s))
    return { type: 'Feature', id: slot + 1, properties: { ...this.text(s, slot), order, z: roomFrom(s.area, at[1]) }, geometry: { type: 'Point', coordinates: at } }
  }

  /** Hides in the map those that are above it. */
  private hide(moving: Set<number>) {
    const tell = (slot: number, m: boolean) => this.map.setFeatureState({ source: labelsSource, id: slot + 1 }, { m })
    for (const slot of this.moving) if (!moving.has(slot)) tell(slot, false)
    for (const slot of moving) if (!this.moving.has(slot)) tell(slot, true)
    this.moving = moving
  }

  /** Shows or hides them all. */
  setVisible(on: boolean) {
    this.above.setVisible(on)
    for (const layer of labelsLayers) if (this.map.getLayer(layer)) this.map.setLayoutProperty(layer, 'visibility', on ? 'visible' : 'none')
  }

  remove() {
    this.over = true
    this.above.remove()
    clearTimeout(this.timer)
    clearTimeout(this.resting)
  }
}

/** A label as one string, to see whether it changed. Of its order among the others only who comes first is worth writing it again. */
function written(label: Label | undefined): string {
  if (!label) return ''
  const { order, ...shown } = label.properties
  return JSON.stringify([shown, label.geometry.coordinates, order === first])
}

/** Pixels that a number with its residents below takes, with some air. */
const room = 44

/** The zoom, in halves, from which ground of so many m² at a latitude has room for a whole label. */
export function roomFrom(area: number, latitude: number): number {
  const metresPerPixel = 78_271.5 * Math.cos((latitude * Math.PI) / 180) // at zoom 0
  return Math.round(2 * Math.log2((room * metresPerPixel) / Math.sqrt(Math.max(1, area)))) / 2
}
