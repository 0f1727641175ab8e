// Labels that change while somebody paints, as elements over the map: a word of theirs is changed without the worker laying out tiles, without
// the page taking them in, and without a frame drawn for them. They look like those of the map, whose letters come from the same fonts.

import type { Map as MapLibre } from 'maplibre-gl'
import { families } from '../map/fonts'
import { allLabelled, labelSizes, labelsFrom } from './layers'
import type { LabelText } from './labels'

export interface LabelAbove extends LabelText {
  at: readonly [number, number]
  /** The zoom from which there is room for all of it. */
  z: number
}

interface Shown {
  element: HTMLElement
  short: HTMLElement
  count: HTMLElement
  label: LabelAbove
}

export class LabelsAbove {
  private readonly box = document.createElement('div')
  private readonly shown = new Map<number, Shown>()
  private readonly place = () => this.placeAll()

  constructor(private readonly map: MapLibre) {
    this.box.className = 'plan-labels-above'
    this.box.setAttribute('aria-hidden', 'true')
    this.box.style.fontFamily = families
    map.getContainer().append(this.box)
    map.on('move', this.place)
  }

  /** Shows these, by their slots, and no others. */
  show(labels: ReadonlyMap<number, LabelAbove>) {
    for (const [slot, { element }] of this.shown)
      if (!labels.has(slot)) {
        element.remove()
        this.shown.delete(slot)
      }
    if (!this.shown.size && labels.size) this.sizeAll()
    const zoom = this.map.getZoom()
    for (const [slot, label] of labels) {
      const s = this.shown.get(slot) ?? this.create(slot, label)
      s.label = label
      if (s.short.textContent !== label.short) s.short.textContent = label.short
      if (s.count.textContent !== label.count) s.count.textContent = label.count
      s.element.style.color = label.ink
      s.element.classList.toggle('tag', label.tag !== '')
      this.placeOne(s, zoom)
    }
  }

  /** Hides them where others are to be read. */
  setVisible(on: boolean) {
    this.box.style.visibility = on ? '' : 'hidden'
  }

  private create(slot: number, label: LabelAbove): Shown {
    const [element, short, count] = ['div', 'b', 'span'].map((name) => document.createElement(name)) as [HTMLElement, HTMLElement, HTMLElement]
    element.append(short, count)
    this.box.append(element)
    const s = { element, short, count, label }
    this.shown.set(slot, s)
    return s
  }

  private placeAll() {
    if (!this.shown.size) return
    this.sizeAll()
    const zoom = this.map.getZoom()
    for (const s of this.shown.values()) this.placeOne(s, zoom)
  }

  private placeOne({ element, label }: Shown, zoom: number) {
    element.classList.toggle('brief', zoom < allLabelled && label.z > Math.floor(zoom) + 0.5)
    const { x, y } = this.map.project([label.at[0], label.at[1]])
    element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) translate(-50%, -50%)`
  }

  private sizeAll() {
    const zoom = this.map.getZoom()
    this.box.style.fontSize = `${sizeAt(zoom).toFixed(2)}px`
    this.box.hidden = zoom < labelsFrom
  }

  remove() {
    this.map.off('move', this.place)
    this.box.remove()
  }
}

/** The size of the map's labels in pixels at a zoom, as the map itself takes it from its steps. */
export function sizeAt(zoom: number): number {
  const after = labelSizes.findIndex(([z]) => z > zoom)
  if (after === 0) return labelSizes[0]![1]
  if (after < 0) return labelSizes.at(-1)![1]
  const [[z0, s0], [z1, s1]] = [labelSizes[after - 1]!, labelSizes[after]!]
  return s0 + ((s1 - s0) * (zoom - z0)) / (z1 - z0)
}
