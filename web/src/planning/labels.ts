// The labels of the grids on the planner's map. Those that change while somebody paints are for the time being in a source of their own: the
// source with all of them, written anew with every stroke, would have the worker lay out every tile and the page take it in again.

import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import type { Feature, Point } from 'geojson'
import type { Board, Slot } from './board'
import { labelsSource, movingLabelsSource } from './layers'

export interface LabelText {
  short: string
  count: string
  ink: string
}

/** Labels move to their new numbers not more often than this, in milliseconds. */
const often = 450
/** After so long a rest all labels are in one source again. */
const rest = 1500
/** When so many change at once it isn't somebody's brush. */
const many = 24

/** The order of a chosen grid's label. */
const first = -100

type Label = Feature<Point>

export class Labels {
  /** What the source of all says of a slot. */
  private readonly said = new Map<number, string>()
  private moving = new Set<number>()
  private readonly touched = new Set<number>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private resting: ReturnType<typeof setTimeout> | undefined
  private writtenAt = 0
  private over = false

  constructor(
    private readonly map: MapLibre,
    private readonly text: (slot: Slot, at: number) => LabelText,
    private readonly now: () => { board: Board | undefined; chosen: ReadonlySet<number> },
  ) {}

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
    const some = new Map<number, Label>()
    const moving = new Set<number>()
    for (const slot of [...this.touched, ...this.moving]) {
      const label = this.label(slot)
      if (this.said.get(slot) === written(label)) continue
      moving.add(slot)
      if (label) some.set(slot, label)
    }
    this.touched.clear()
    this.writtenAt = performance.now()
    this.hide(moving)
    void this.source(movingLabelsSource)?.setData({ type: 'FeatureCollection', features: [...some.values()] })
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
    await this.source(labelsSource)?.setData({ type: 'FeatureCollection', features: labels })
    if (!this.over) this.follow() // what moved while it was written, and nothing moves any more where it is as it was written
  }

  private label(slot: number): Label | undefined {
    const { board, chosen } = this.now()
    const s = board?.slots[slot]
    const at = s?.blocks ? board!.labelOf(slot) : undefined
    if (!s || !at) return undefined
    const order = chosen.has(slot) ? first : -Math.abs(board!.deviation(s))
    return { type: 'Feature', id: slot + 1, properties: { ...this.text(s, slot), order }, geometry: { type: 'Point', coordinates: at } }
  }

  /** Hides in the source of all those that are shown from the other one. */
  private hide(moving: Set<number>) {
    const tell = (slot: number, m: boolean) => this.map.setFeatureState({ source: labelsSource, id: slot + 1 }, { m })
    for (const slot of this.moving) if (!moving.has(slot)) tell(slot, false)
    for (const slot of moving) if (!this.moving.has(slot)) tell(slot, true)
    this.moving = moving
  }

  private source(id: string) {
    return this.map.getSource<GeoJSONSource>(id)
  }

  remove() {
    this.over = true
    clearTimeout(this.timer)
    clearTimeout(this.resting)
  }
}

/** A label as one string, to see whether it changed. Of its order among the others only who comes first is worth writing it again. */
function written(label: Label | undefined): string {
  if (!label) return ''
  const { order, ...shown } = label.properties!
  return JSON.stringify([shown, label.geometry.coordinates, order === first])
}
