// The buildings that a line would cut, while the planner is asked whether it may: they stand out on the map, and can be gone to one by one.

import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import type { Feature } from 'geojson'
import type { Bounds } from '../domain/bounds'
import { buildingsOf } from './drafting.svelte'
import type { StruckBuilding } from './drafting.svelte'
import type { Work } from './work.svelte'

const source = 'struck'
export const struckLayers = ['struck-fill', 'struck-line', 'struck-ring'] as const

export class Struck {
  /** Which one is looked at, −1: all of them. */
  at = $state(-1)
  private turn = $state(-2)

  constructor(private readonly work: Work) {}

  readonly buildings: StruckBuilding[] = $derived.by(() => {
    const { trouble } = this.work.drafting
    const all = trouble?.problem ? buildingsOf(trouble.problem) : []
    return [...new Map(all.map((b) => [b.id, b])).values()] // one that stands on two blocks is named for each
  })

  /** Goes to all of them first, then to one after the other. */
  look() {
    const { buildings } = this
    if (!buildings.length) return
    this.turn = this.turn + 1 >= buildings.length || (buildings.length === 1 && this.turn > -2) ? -1 : this.turn + 1
    this.at = buildings.length === 1 ? 0 : this.turn
    const bounds = boundsOf(this.at < 0 ? buildings : [buildings[this.at]!])
    this.work.planMap?.fit(bounds, this.at < 0 ? 17 : 18, 0.6)
  }

  /** Draws them, until what it gives is called. */
  draw(map: MapLibre): () => void {
    this.at = -1
    this.turn = -2
    const features = this.buildings.flatMap((b): Feature[] => [
      { type: 'Feature', properties: {}, geometry: { type: 'MultiPolygon', coordinates: b.outline } },
      { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: b.at } },
    ])
    if (!map.getSource(source)) begin(map)
    void map.getSource<GeoJSONSource>(source)?.setData({ type: 'FeatureCollection', features })
    return () => {
      if (!map.getSource(source)) return
      for (const layer of struckLayers) map.removeLayer(layer)
      map.removeSource(source)
    }
  }
}

function begin(map: MapLibre) {
  const area = ['==', ['geometry-type'], 'Polygon'] as never
  const below = 'water-name' // the first of the lettering
  map.addSource(source, { type: 'geojson', data: { type: 'FeatureCollection', features: [] }, tolerance: 0 })
  map.addLayer({ id: struckLayers[0], type: 'fill', source, filter: area, paint: { 'fill-color': '#d3122f', 'fill-opacity': 0.55 } }, below)
  map.addLayer({ id: struckLayers[1], type: 'line', source, filter: area, paint: { 'line-color': '#7d0a1c', 'line-width': 2.5 } }, below)
  // From afar a building is a point or two: a ring says where to look.
  map.addLayer({ id: struckLayers[2], type: 'circle', source, maxzoom: 16.5, filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 10, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': '#d3122f', 'circle-stroke-width': 2.5 } })
}

export function boundsOf(buildings: readonly StruckBuilding[]): Bounds {
  const points = buildings.flatMap((b) => [b.at, ...b.outline.flat(2)])
  const [xs, ys] = [points.map((p) => p[0]), points.map((p) => p[1])]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}
