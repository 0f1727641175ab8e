// How much of a division lies in grids.

/**
 * Whether all of it does. The division's own polygon and the grids' were put on the lattice of 1e-7 degree
 * each for itself, so along the border up to half a step (6 mm) can lie on either side: a millionth of the
 * area at most for anything larger than a few houses. That is no gap, and isn't shown as one.
 */
export function isWhole(coveredM2: number, areaM2: number): boolean {
  return areaM2 > 0 && areaM2 - coveredM2 <= Math.max(1, areaM2 * 1e-6)
}

/** The share for showing: exactly 1 where all of it is covered. */
export function coveredShare(coveredM2: number, areaM2: number): number {
  if (areaM2 <= 0) return 0
  return isWhole(coveredM2, areaM2) ? 1 : coveredM2 / areaM2
}
