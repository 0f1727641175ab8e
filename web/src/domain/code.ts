// Codes of divisions and grids. A county has 6 digits, a town 9, a community 12 (GB/T 2260 and
// GB/T 10114), a grid 15: its community's 12 and a sequence of 3.

export type Level = 'county' | 'town' | 'community' | 'grid'

const levels: Record<number, Level> = { 6: 'county', 9: 'town', 12: 'community', 15: 'grid' }

/** What a code names by its length, undefined when it is none. */
export function levelOf(code: string): Level | undefined {
  return /^\d+$/.test(code) ? levels[code.length] : undefined
}

/** The code in the groups that people read out: 370883 001 002 003. */
export function groups(code: string): string[] {
  const out = [code.slice(0, 6)]
  for (let i = 6; i < code.length; i += 3) out.push(code.slice(i, i + 3))
  return out.filter((g) => g !== '')
}

/** The code above this one, undefined above a county. */
export function parentOf(code: string): string | undefined {
  return code.length > 6 ? code.slice(0, code.length - 3) : undefined
}

/** The codes from the county down to this one, itself included: what a breadcrumb shows. */
export function lineageOf(code: string): string[] {
  const out: string[] = []
  for (let n = 6; n <= code.length; n += 3) out.push(code.slice(0, n))
  return out
}

/** A grid's own three digits: how its neighbours call it. */
export function shortCode(code: string): string {
  return code.slice(-3)
}

/**
 * What tells a grid from another one beside it: three digits within one community, six across its border,
 * because there may be a 005 on either side.
 */
export function codeBeside(code: string, beside: string): string[] {
  return code.slice(0, 12) === beside.slice(0, 12) ? [code.slice(12)] : [code.slice(9, 12), code.slice(12)]
}

/** Whether a community's code stands for a town that has no communities on record. */
export function isWholeTown(code: string): boolean {
  return code.length === 12 && code.endsWith('000')
}
