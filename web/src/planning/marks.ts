// Marks that say how a grid stands without any colour. Filled: out of band, and somebody may put it right. Hollow: out of band in a community that
// can't be in band, which is to be known and nobody's to solve.

const marks: Record<string, string> = { over: '▲', under: '▼', single: '■' }

export type Side = 'over' | 'under'

/** On which side of the band a grid is whose community can't be in band; undefined for every other one. */
export function strayed(grid: { deviation: number; band: string }): Side | undefined {
  if (grid.band !== 'infeasible') return undefined
  return grid.deviation > 0 ? 'over' : 'under'
}

export function markOf(grid: { deviation: number; band: string }): string {
  const side = strayed(grid)
  return side ? hollow[side] : (marks[grid.band] ?? '')
}

export const hollow: Record<Side, string> = { over: '△', under: '▽' }
