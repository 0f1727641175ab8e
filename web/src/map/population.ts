// The population layer: H3 cells coloured by the density that their tile says (residents a km²).

import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl'
import { densityClasses } from '../domain/density'

const hectaresAKm2 = 100
const perHectare: ExpressionSpecification = ['/', ['to-number', ['get', 'density']], hectaresAKm2]

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
      paint: { 'fill-color': colour, 'fill-opacity': 0.82, 'fill-outline-color': 'rgba(255,255,255,0.5)' },
    },
  ]
}
