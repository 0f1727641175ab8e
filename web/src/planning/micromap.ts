// Micro-grids on the map: every home is a dot in the colour of its micro-grid with that one's number; the ground pales behind them. Nothing in
// here knows Svelte.

import type { Map as MapLibre, GeoJSONSource } from 'maplibre-gl'
import type { Feature, Point } from 'geojson'
import type { MicroHome } from '../api/draftmicro'
import { bold } from '../map/fonts'
import type { Labels } from './labels'
import { colouring, palette } from './palette'

const source = 'micro-homes'
const layers = ['micro-home', 'micro-number'] as const

/** Names a home in a set. */
export const nameOf = (h: { block: number; building: number; entrance?: string }) => `${h.block} ${h.building} ${h.entrance ?? ''}`

export const numberText = (n: number) => String(n).padStart(2, '0')

/** The colour of each micro-grid: none like another's, or where there are too many none like its neighbours'; the same as before wherever that is possible. */
export function coloursOf(homes: readonly MicroHome[], before: ReadonlyMap<number, number> = new Map()): Map<number, number> {
  const numbers = [...new Set(homes.map((h) => h.micro))].filter((n) => n > 0).sort((a, b) => a - b)
  const place = new Map(numbers.map((n, i) => [n, i]))
  const borders: [number, number][] = []
  if (numbers.length <= palette.length) for (const a of place.values()) for (const b of place.values()) borders.push([a, b]) // each has one of its own
  else for (const h of homes) {
    if (!h.micro) continue
    const near = homes.filter((o) => o.micro && o.micro !== h.micro).sort((a, b) => far(h, a) - far(h, b))
    for (const o of near.slice(0, 3)) borders.push([place.get(h.micro)!, place.get(o.micro)!])
  }
  const given = colouring(numbers.length, borders, numbers.map((n) => before.get(n) ?? -1))
  return new Map(numbers.map((n, i) => [n, given[i]!]))
}

const far = (a: MicroHome, b: MicroHome) => Math.hypot((a.at[0] - b.at[0]) * 0.8, a.at[1] - b.at[1])

/** White letters on what is dark. */
export const inkOn = (colour: number) => (colour >= 6 ? '#ffffff' : '#14181c')

export class MicroMap {
  private faint: unknown
  constructor(
    private readonly map: MapLibre,
    private readonly labels: Labels,
  ) {}

  /** Shows homes; chosen ones stand out. */
  show(homes: readonly MicroHome[], colours: ReadonlyMap<number, number>, chosen: ReadonlySet<string>) {
    this.begin()
    const features = homes.map((h): Feature<Point> => {
      const c = colours.get(h.micro)
      return {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: h.at },
        properties: { c: c === undefined ? '#ffffff' : palette[c]!, ink: c === undefined ? '#9d2216' : inkOn(c), n: h.micro ? numberText(h.micro) : '–', on: chosen.has(nameOf(h)) ? 1 : 0, none: h.micro ? 0 : 1 },
      }
    })
    features.sort((a, b) => a.properties!.on - b.properties!.on)
    this.map.getSource<GeoJSONSource>(source)?.setData({ type: 'FeatureCollection', features })
  }

  private begin() {
    const { map } = this
    if (map.getSource(source)) return
    map.addSource(source, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
    const size = (small: number, large: number) => ['interpolate', ['linear'], ['zoom'], 13, ['case', ['==', ['get', 'on'], 1], small + 2, small], 17, ['case', ['==', ['get', 'on'], 1], large + 3, large]] as never
    map.addLayer({
      id: layers[0],
      type: 'circle',
      source,
      paint: {
        'circle-color': ['get', 'c'],
        'circle-radius': size(3, 9),
        'circle-stroke-color': ['case', ['==', ['get', 'on'], 1], '#10162b', ['==', ['get', 'none'], 1], '#b22222', '#ffffff'],
        'circle-stroke-width': ['case', ['==', ['get', 'on'], 1], 3.2, ['==', ['get', 'none'], 1], 2.2, 1.6],
      },
    })
    map.addLayer({
      id: layers[1],
      type: 'symbol',
      source,
      minzoom: 16.7,
      layout: { 'text-field': ['get', 'n'], 'text-font': bold, 'text-size': 11, 'text-allow-overlap': true, 'text-ignore-placement': true },
      paint: { 'text-color': ['get', 'ink'] },
    })
    this.faint = map.getPaintProperty('plan-fill', 'fill-opacity')
    map.setPaintProperty('plan-fill', 'fill-opacity', 0.22)
    this.labels.setVisible(false) // what is written on grids would lie over the dots
  }

  /** The map is what it was before. */
  end() {
    const { map } = this
    if (!map.getSource(source)) return
    for (const layer of layers) map.removeLayer(layer)
    map.removeSource(source)
    map.setPaintProperty('plan-fill', 'fill-opacity', this.faint as never)
    this.labels.setVisible(true)
  }
}
