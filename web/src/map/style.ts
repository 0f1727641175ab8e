// The whole style, bottom to top. Sources are our own tiles; several layers travel in one request.

import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'
import { facilities } from './facilities'
import * as grids from './grids'
import * as paper from './paper'
import { cells } from './population'

/** Tile layers by source: what changes together is asked for together. */
export const sources = {
  ground: ['landuse', 'water', 'buildings', 'rail', 'walls', 'streets', 'facilities'],
  grids: ['grids', 'divisions'], // their label points come with them
  blocks: ['blocks'],
  population: ['population'],
} as const

/** What a reader can switch on and off, and the style's layers behind it. */
export const switches = {
  streets: /^(street|rail|wall)/,
  buildings: /^building/,
  water: /^(water|landuse)/,
  facilities: /^facility/,
  blocks: /^block-/,
  labels: /^(grid-label|division-name)/,
  incidents: /^incident-/, // they come and go with the reader's rights: IncidentLayer sees to them
} as const
export type Switch = keyof typeof switches

/** base is the address of the page, which the tiles' addresses are taken against. */
export function style(tolerance: number, words: grids.MapWords, base: string): StyleSpecification {
  const tiles = Object.fromEntries(
    Object.entries(sources).map(([id, layers]) => [
      id,
      {
        type: 'vector' as const,
        url: new URL(`tiles/${layers.join(',')}.json`, base).href,
        // Of the grids the code is the id; with this said, no other layer of the source has one.
        ...(id === 'grids' ? { promoteId: { grids: 'code' } } : {}),
      },
    ]),
  )
  const layers: LayerSpecification[] = [
    ...paper.ground(),
    ...grids.colours(tolerance),
    ...paper.tint(),
    ...cells(),
    ...paper.town(),
    ...grids.borders(),
    ...paper.lettering(),
    ...facilities(),
    ...grids.labels(words),
    ...paper.divisionNames(),
  ]
  return {
    version: 8,
    sources: { ...tiles, selected: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } } },
    layers,
  }
}
