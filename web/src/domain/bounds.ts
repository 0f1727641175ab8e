// Bounds in degrees: west, south, east, north.

export type Bounds = [west: number, south: number, east: number, north: number]

/** Reads bounds as the server sends them; undefined when they are missing, not numbers, or empty. */
export function boundsFrom(value: readonly number[] | null | undefined): Bounds | undefined {
  if (!value || value.length !== 4 || !value.every(Number.isFinite)) return undefined
  const [w, s, e, n] = value as Bounds
  return w < e && s < n ? [w, s, e, n] : undefined
}

/** The smallest bounds that hold all of these; undefined of none. */
export function union(all: readonly Bounds[]): Bounds | undefined {
  const [first, ...rest] = all
  if (!first) return undefined
  return rest.reduce<Bounds>(
    (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])],
    first,
  )
}

/** Whether a position lies in the bounds, their edge included. */
export function holds(b: Bounds, lon: number, lat: number): boolean {
  return lon >= b[0] && lon <= b[2] && lat >= b[1] && lat <= b[3]
}

/** Every side moved out by a share of the extent: 0.5 makes it twice as wide. */
export function grown(b: Bounds, share: number): Bounds {
  const dx = (b[2] - b[0]) * share
  const dy = (b[3] - b[1]) * share
  return [b[0] - dx, b[1] - dy, b[2] + dx, b[3] + dy]
}
