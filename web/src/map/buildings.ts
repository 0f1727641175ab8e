// Buildings that answer the pointer, on pages that open them: which one lies under a point, the one that the pointer is on, the one that is open.

import type { LayerSpecification, Map as MapLibre } from 'maplibre-gl'

/** What a tile says of a building. Who lives in it, and how many, isn't in a tile. */
export interface Footprint {
  /** The number of its id: 113 of 370883-113. */
  number: number
  name: string
}

const base = { source: 'ground', 'source-layer': 'buildings' } as const

/** The layers of the pointer's building and of the open one, over the ground and under its lettering. */
export function buildingLayers(): LayerSpecification[] {
  const when = (state: string, yes: number, no = 0) => ['case', ['boolean', ['feature-state', state], false], yes, no] as never
  return [
    { ...base, id: 'building-picked', type: 'fill', paint: { 'fill-color': '#a83426', 'fill-opacity': when('picked', 0.42) } },
    { ...base, id: 'building-hover', type: 'line', paint: { 'line-color': '#1f2a44', 'line-width': when('hover', 2.2), 'line-opacity': when('hover', 1) } },
    { ...base, id: 'building-picked-halo', type: 'line', paint: { 'line-color': '#ffffff', 'line-width': when('picked', 6), 'line-opacity': when('picked', 0.95) } },
    { ...base, id: 'building-picked-edge', type: 'line', paint: { 'line-color': '#a83426', 'line-width': when('picked', 2.8), 'line-opacity': when('picked', 1) } },
  ]
}

/** The first layer of the lettering: what is drawn here goes under it. */
const lettering = 'water-name'

export class BuildingLayer {
  private hovered: number | undefined
  private picked: number | undefined

  constructor(
    private readonly map: MapLibre,
    private readonly ready: Promise<void>,
  ) {
    void ready.then(() => {
      for (const layer of buildingLayers()) map.addLayer(layer, lettering)
    })
  }

  /** The building at a point; a finger needn't hit it exactly. */
  at({ x, y }: { x: number; y: number }, reach: number): Footprint | undefined {
    if (!this.map.getLayer('building')) return undefined
    const find = (by: number) =>
      this.map.queryRenderedFeatures(
        [
          [x - by, y - by],
          [x + by, y + by],
        ],
        { layers: ['building'] },
      )[0]
    const found = find(0) ?? find(reach)
    return found?.id === undefined ? undefined : { number: Number(found.id), name: String(found.properties.name ?? '') }
  }

  hover(number: number | undefined) {
    if (number === this.hovered) return
    this.mark(this.hovered, 'hover', false)
    this.mark((this.hovered = number), 'hover', true)
  }

  /** Brings out the building that is open. */
  async pick(number: number | undefined) {
    await this.ready
    if (number === this.picked) return
    this.mark(this.picked, 'picked', false)
    this.mark((this.picked = number), 'picked', true)
  }

  private mark(number: number | undefined, state: 'hover' | 'picked', on: boolean) {
    if (number === undefined || !this.map.getSource(base.source)) return
    this.map.setFeatureState({ source: base.source, sourceLayer: base['source-layer'], id: number }, { [state]: on })
  }
}
