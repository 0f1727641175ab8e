// How far a grid is from the target, as classes with colours. Blue and orange stay apart for every common
// kind of colour blindness, and the middle is calm, because most of a good map lies there.

/**
 * What the server says of a grid: in band, over, under; infeasible when its community can't be cut into
 * grids in band at all; single when its community is too small for more than one; special when it is a school's,
 * a hospital's, an industrial park's or a market's own. The last three are facts, and aren't coloured as
 * anybody's mistake.
 */
export type Band = 'in' | 'over' | 'under' | 'infeasible' | 'single' | 'special'

export interface DeviationClass {
  key: 'far-under' | 'under' | 'in' | 'over' | 'far-over'
  /** Deviation from the target as a share: from ≤ d, with the last class open above. */
  from: number
  to: number
  colour: string
  /** The same hue, dark enough to be read as text on paper (4.5 to 1). */
  ink: string
}

/** Beyond this many tolerances a grid isn't slightly off any more. */
const far = 3

export const infeasibleColour = '#b3a8c6'
export const infeasibleInk = '#5d4f78'
export const singleColour = '#d6d6cf'
export const singleInk = '#5f5850'
export const specialColour = '#d9b3c6'
export const specialInk = '#8a3d63'

/** The bands whose grids have a colour of their own, whatever their deviation. */
const apart: Record<string, { colour: string; ink: string }> = {
  infeasible: { colour: infeasibleColour, ink: infeasibleInk },
  single: { colour: singleColour, ink: singleInk },
  special: { colour: specialColour, ink: specialInk },
}

/** The five classes for a tolerance, from the emptiest to the fullest. */
export function classes(tolerance: number): DeviationClass[] {
  return [
    { key: 'far-under', from: -1, to: -far * tolerance, colour: '#3f7cb6', ink: '#1f5a92' },
    { key: 'under', from: -far * tolerance, to: -tolerance, colour: '#9cc3e2', ink: '#2a6496' },
    { key: 'in', from: -tolerance, to: tolerance, colour: '#d3e0bd', ink: '#47682c' },
    { key: 'over', from: tolerance, to: far * tolerance, colour: '#f6b983', ink: '#9a4c10' },
    { key: 'far-over', from: far * tolerance, to: Infinity, colour: '#dc6a3a', ink: '#a53c10' },
  ]
}

/** A part of a class with a colour of its own. */
export interface Shade {
  from: number
  colour: string
}

/**
 * What the classes look like on the map. The band is one class and three shades of one calm colour, cool
 * where a grid is a little small and warm where it is a little large: a map on which all is well still
 * shows where it is about to change.
 */
export function shades(tolerance: number): Shade[] {
  return classes(tolerance).flatMap((c) =>
    c.key === 'in'
      ? [
          { from: -tolerance, colour: '#bcd8cb' },
          { from: -tolerance / 3, colour: c.colour },
          { from: tolerance / 3, colour: '#e5e0ad' },
        ]
      : [{ from: c.from, colour: c.colour }],
  )
}

/** deviation is residents / target − 1; in band means |deviation| ≤ tolerance, both ends included. */
export function deviation(residents: number, target: number): number {
  return residents / target - 1
}

/** The class a deviation falls in. The band's own two ends belong to the band. */
export function classOf(d: number, tolerance: number): DeviationClass {
  const [farUnder, under, inside, over, farOver] = classes(tolerance) as [
    DeviationClass,
    DeviationClass,
    DeviationClass,
    DeviationClass,
    DeviationClass,
  ]
  if (Math.abs(d) <= tolerance + 1e-9) return inside
  if (d < 0) return d < farUnder.to ? farUnder : under
  return d >= farOver.from ? farOver : over
}

/** A grid's fill: by its deviation, unless its community leaves no choice. */
export function colourOf(grid: { deviation: number; band: string }, tolerance: number): string {
  const own = apart[grid.band]
  if (own) return own.colour
  const { key, colour } = classOf(grid.deviation, tolerance)
  if (key !== 'in') return colour
  const within = shades(tolerance).slice(2, 5)
  return (within.findLast((s) => grid.deviation >= s.from) ?? within[0]!).colour
}

/** The same for text and thin marks. */
export function inkOf(grid: { deviation: number; band: string }, tolerance: number): string {
  return (apart[grid.band] ?? classOf(grid.deviation, tolerance)).ink
}

/** The band in whole residents: every count from lower to upper is in band. */
export function bandOf(target: number, tolerance: number): { lower: number; upper: number } {
  const slack = 1e-9 * target // 0.15 isn't a binary fraction: 510 must not become 511
  return {
    lower: Math.ceil(target * (1 - tolerance) - slack),
    upper: Math.floor(target * (1 + tolerance) + slack),
  }
}
