// The population map's scale: residents a hectare, so that the same colour means the same crowding at every
// zoom, whatever size the cells have there.

export interface DensityClass {
  /** residents a hectare, from ≤ d, up to the next class */
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

/** The class of a density in residents a hectare. */
export function densityClassOf(perHectare: number): DensityClass {
  let found = densityClasses[0] as DensityClass
  for (const c of densityClasses) if (perHectare >= c.from) found = c
  return found
}

/** Residents a hectare; 0 where there is no ground. */
export function perHectare(residents: number, m2: number): number {
  return m2 > 0 ? (residents * 10_000) / m2 : 0
}
