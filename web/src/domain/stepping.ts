// Stepping through grids with the keyboard: the ones out of band first to last, the worst first, because
// that is the order a planner looks at them in.

export interface Step {
  code: string
  deviation: number
  band: string
}

/** The grids out of band, the farthest from the target first; equals by code, so that the order is one. */
export function outOfBand<T extends Step>(grids: readonly T[]): T[] {
  return grids
    .filter((g) => g.band === 'over' || g.band === 'under')
    .sort((a, b) => Math.abs(b.deviation) - Math.abs(a.deviation) || (a.code < b.code ? -1 : 1))
}

/** The one after (by = 1) or before (by = −1) the current one, round the end; the first when none is current. */
export function next<T extends Step>(list: readonly T[], current: string | undefined, by: 1 | -1): T | undefined {
  if (list.length === 0) return undefined
  const at = list.findIndex((g) => g.code === current)
  if (at < 0) return by === 1 ? list[0] : list[list.length - 1]
  return list[(at + by + list.length) % list.length]
}
