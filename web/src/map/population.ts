// The population layer: H3 cells coloured by residents a hectare.

import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import { cellAreaOf, densityClasses } from '../domain/density'

const resolutions = [5, 6, 7, 8, 9, 10, 11, 12]

/** m² of a cell by its resolution; a feature that doesn't say it isn't coloured. */
const cellArea = ['match', ['get', 'resolution'], ...resolutions.flatMap((r) => [r, cellAreaOf(r) as number]), 1e12] as unknown as ExpressionSpecification
const perHectare: ExpressionSpecification = ['/', ['*', ['to-number', ['get', 'residents']], 10_000], cellArea]

/** Cells, below streets and buildings so that the town stays legible through them. */
export function cells(): LayerSpecification[] {
  const [first, ...rest] = densityClasses
  const colour = ['step', perHectare, first!.colour, ...rest.flatMap((c) => [c.from, c.colour])] as unknown as ExpressionSpecification
  return [
    {
      id: 'population',
      type: 'fill',
      source: 'population',
      'source-layer': 'population',
      paint: { 'fill-color': colour, 'fill-opacity': 0.78, 'fill-outline-color': 'rgba(255,255,255,0.45)' },
    },
  ]
}
