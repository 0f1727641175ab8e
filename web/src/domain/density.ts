// The population map's scale: residents a hectare, so that the same colour means the same crowding at every
// zoom, whatever size the cells have there.

export interface DensityClass {
  /** residents a hectare, from ≤ d */
  from: number
  colour: string
}

/** One hue growing darker: pale straw to deep plum, apart from the deviation map's blue and orange. */
export const densityClasses: readonly DensityClass[] = [
  { from: 0, colour: '#f3e6c9' },
  { from: 25, colour: '#edc9a5' },
  { from: 75, colour: '#e0a08f' },
  { from: 150, colour: '#c4728a' },
  { from: 300, colour: '#964c86' },
  { from: 600, colour: '#5c3173' },
]

/** Mean area of an H3 cell in m² by resolution (h3geo.org/docs/core-library/restable). */
const cellArea: Record<number, number> = {
  5: 252_903_858,
  6: 36_129_062,
  7: 5_161_293,
  8: 737_328,
  9: 105_333,
  10: 15_048,
  11: 2_150,
  12: 307,
}

/** Residents a hectare of a cell. */
export function density(residents: number, resolution: number): number {
  const m2 = cellArea[resolution]
  return m2 === undefined ? 0 : (residents * 10_000) / m2
}

/** Mean area of a cell in m², undefined for a resolution that isn't used. */
export function cellAreaOf(resolution: number): number | undefined {
  return cellArea[resolution]
}

/** The class of a density. */
export function densityClassOf(perHectare: number): DensityClass {
  let found = densityClasses[0] as DensityClass
  for (const c of densityClasses) if (perHectare >= c.from) found = c
  return found
}
