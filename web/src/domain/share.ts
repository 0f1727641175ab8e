// How many grids are in band, and of how many: said everywhere with the same meaning, so that two places never show two totals for one layout.

export interface Share {
  /** In band. */
  within: number
  /** All that are asked for a number of residents: every grid but special ones. */
  of: number
  /** Out of band, and somebody may bring them into it. The rest can't be, or are whole communities. */
  open: number
}

export function shareOf(grids: Iterable<{ band: string }>): Share {
  const share = { within: 0, of: 0, open: 0 }
  for (const { band } of grids) {
    if (band === 'special' || band === 'empty') continue
    share.of++
    if (band === 'in') share.within++
    if (band === 'over' || band === 'under') share.open++
  }
  return share
}

/** The same of the live layout of a division, as the server counts it. */
export function shareOfFigures(f: { grids: number; special_grids: number; in_band: number; in_band_feasible: number; feasible: number }): Share {
  return { within: f.in_band, of: f.grids - f.special_grids, open: f.feasible - f.in_band_feasible }
}

interface Words {
  inBand: (lower: string, upper: string, of: string, within: string) => string
  outOfBand: (open: string, rest: string) => string
}

/** What the figure means, wherever it stands. lower and upper are the ends of the band. */
export function explained(s: Share, { lower, upper }: { lower: number; upper: number }, w: Words, count: (n: number) => string): string {
  const all = w.inBand(count(lower), count(upper), count(s.of), count(s.within))
  return s.within < s.of ? all + w.outOfBand(count(s.open), count(s.of - s.within - s.open)) : all
}
