// The grids: their colours, their borders, their labels, and what the pointer and the reader have picked.

import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import { infeasibleColour, shades, singleColour, specialColour } from '../domain/deviation'
import { bold } from './fonts'

/** The layer that answers "which grid is here"; it is in the style in every mode. */
export const pickLayer = 'grid-fill'
export const hatch = 'hatch'
export const dots = 'dots'

/** The words that are written on the map: the unit behind a number of residents, and what each kind of special grid is called. */
export interface MapWords {
  people: string
  special: Record<string, string>
}

const deviation: ExpressionSpecification = ['to-number', ['get', 'deviation']]
const infeasible: ExpressionSpecification = ['==', ['get', 'band'], 'infeasible']
const single: ExpressionSpecification = ['==', ['get', 'band'], 'single']
const special: ExpressionSpecification = ['==', ['get', 'band'], 'special']
const hovered: ExpressionSpecification = ['boolean', ['feature-state', 'hover'], false]
const base = { source: 'grids', 'source-layer': 'grids' } as const

/** The fill by class. Steps are closed below, so the band's upper end is nudged to stay in the band. */
export function fillColour(tolerance: number): ExpressionSpecification {
  const [first, ...rest] = shades(tolerance)
  const nudge = (from: number) => (from === tolerance ? 1e-6 : from === -tolerance ? -1e-6 : 0)
  const steps = rest.flatMap((s) => [s.from + nudge(s.from), s.colour])
  const step = ['step', deviation, first!.colour, ...steps] as unknown as ExpressionSpecification
  return ['case', infeasible, infeasibleColour, single, singleColour, special, specialColour, step]
}

/** The nearer one looks, the more of the ground shows through. */
export const fillOpacity: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 10, 0.92, 14, 0.86, 16, 0.72, 18, 0.55]

/** Colours, below the streets. */
export function colours(tolerance: number): LayerSpecification[] {
  return [
    {
      ...base,
      id: pickLayer,
      type: 'fill',
      paint: {
        'fill-color': fillColour(tolerance),
        'fill-opacity': fillOpacity,
        'fill-antialias': false,
      },
    },
    { ...base, id: 'grid-hatch', type: 'fill', filter: infeasible, paint: { 'fill-pattern': hatch, 'fill-opacity': 0.55 } },
    { ...base, id: 'grid-dots', type: 'fill', filter: special, paint: { 'fill-pattern': dots, 'fill-opacity': 0.8 } },
  ]
}

/** Borders, above streets and buildings: blocks, grids, divisions, the pointer's grid, the selected one. */
export function borders(): LayerSpecification[] {
  return [
    {
      id: 'block-border',
      type: 'line',
      source: 'blocks',
      'source-layer': 'blocks',
      minzoom: 16,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': '#6f6658',
        'line-width': ['interpolate', ['linear'], ['zoom'], 16, 0.5, 18, 1],
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 16, 0.35, 17, 0.75],
        'line-dasharray': [3, 2],
      },
    },
    {
      ...base,
      id: 'grid-border-halo',
      type: 'line',
      minzoom: 12.5,
      layout: { 'line-join': 'round' },
      paint: { 'line-color': '#ffffff', 'line-opacity': 0.65, 'line-width': ['interpolate', ['linear'], ['zoom'], 12.5, 1.6, 15, 3.6, 18, 6] },
    },
    {
      ...base,
      id: 'grid-border',
      type: 'line',
      minzoom: 9.5,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': '#514a5c',
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 9.5, 0.25, 12, 0.6, 14, 0.9],
        'line-width': ['interpolate', ['linear'], ['zoom'], 9.5, 0.3, 12, 0.6, 15, 1.3, 18, 2.4],
      },
    },
    ...divisionBorders(),
    {
      ...base,
      id: 'grid-hover',
      type: 'line',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': '#1f2a44', 'line-width': ['case', hovered, 2.4, 0], 'line-opacity': ['case', hovered, 1, 0] },
    },
    {
      id: 'selected-halo',
      type: 'line',
      source: 'selected',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': '#ffffff', 'line-width': 9, 'line-opacity': 0.95 },
    },
    { id: 'selected', type: 'line', source: 'selected', layout: { 'line-join': 'round' }, paint: { 'line-color': '#1b2338', 'line-width': 3.6 } },
  ]
}

/** The layer of the border of the division in view; its filter names the division. */
export const divisionInView = 'division-border-in-view'

function divisionBorders(): LayerSpecification[] {
  const of = (level: string, min: number, width: ExpressionSpecification, dash: number[]): LayerSpecification => ({
    id: 'division-border-' + level,
    type: 'line',
    source: 'grids',
    'source-layer': 'divisions',
    minzoom: min,
    filter: ['==', ['get', 'level'], level],
    layout: { 'line-join': 'round' },
    paint: { 'line-color': '#6b4d78', 'line-width': width, 'line-dasharray': dash, 'line-opacity': 0.85 },
  })
  return [
    {
      id: divisionInView,
      type: 'line',
      source: 'grids',
      'source-layer': 'divisions',
      filter: ['==', ['get', 'code'], ''],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': '#6b4d78', 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 4, 15, 9], 'line-opacity': 0.28 },
    },
    of('community', 11.5, ['interpolate', ['linear'], ['zoom'], 11.5, 0.8, 15, 1.8, 18, 3], [4, 2]),
    of('town', 9, ['interpolate', ['linear'], ['zoom'], 9, 0.8, 15, 2.6, 18, 4], [6, 2, 1, 2]),
    of('county', 5, ['interpolate', ['linear'], ['zoom'], 6, 1.2, 15, 3.4], [8, 2, 1, 2, 1, 2]),
  ]
}

/** The last three digits of the code, and below them, when there is room, the residents, or the kind of a special grid. */
export function labels({ people, special: kinds }: MapWords): LayerSpecification[] {
  const short: ExpressionSpecification = ['slice', ['to-string', ['get', 'code']], 12]
  const residents: ExpressionSpecification = ['concat', ['to-string', ['get', 'residents']], people]
  const named = Object.entries(kinds).flatMap(([kind, name]) => [kind, name])
  const below = ['match', ['get', 'special'], ...named, residents] as unknown as ExpressionSpecification
  return [
    {
      id: 'grid-label',
      type: 'symbol',
      source: 'grids',
      'source-layer': 'grid_labels',
      minzoom: 13.4,
      layout: {
        'text-field': [
          'step',
          ['zoom'],
          ['format', short, { 'font-scale': 1 }],
          14.4,
          ['format', short, { 'font-scale': 1 }, '\n', {}, below, { 'font-scale': 0.78 }],
        ],
        'text-font': bold,
        'text-size': ['interpolate', ['linear'], ['zoom'], 13.4, 10.5, 15, 14, 17, 18],
        'text-line-height': 1.15,
        'text-padding': 3,
        // Where there isn't room for all, the grids that need looking at keep their label.
        'symbol-sort-key': ['-', 0, ['abs', deviation]],
      },
      paint: { 'text-color': '#26222f', 'text-halo-color': 'rgba(255,255,255,0.9)', 'text-halo-width': 1.7 },
    },
  ]
}

/** The hatching of grids that can't be in band: eight pixels of white diagonals. */
export function hatchImage(): { width: number; height: number; data: Uint8Array } {
  const n = 8
  const data = new Uint8Array(n * n * 4)
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++) {
      const on = (x + y) % n < 2
      data.set(on ? [255, 255, 255, 200] : [255, 255, 255, 0], (y * n + x) * 4)
    }
  return { width: n, height: n, data }
}

/** The dots of special grids: one white point in eight by eight pixels, two of them staggered. */
export function dotsImage(): { width: number; height: number; data: Uint8Array } {
  const n = 8
  const data = new Uint8Array(n * n * 4)
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++) {
      const on = [2, 6].some((c) => Math.hypot(x - c, y - c) <= 1)
      data.set(on ? [255, 255, 255, 230] : [255, 255, 255, 0], (y * n + x) * 4)
    }
  return { width: n, height: n, data }
}
