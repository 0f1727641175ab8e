// What of the register is open, as the part of the address after #: houses and buildings, so that a link opens them. Whom somebody looked for, or whom
// they look at, is never in it.
//
//   #building=370883-113&house=370883-3553
//   #at=116.96638,35.40078     where the map begins, for who comes from elsewhere; gone once something is opened
//
// What can't be read is dropped, never an error.

export interface Open {
  /** The building whose rooms are open, by its id. */
  building: string
  house: string
}

const form = /^\d{6}-[1-9]\d{0,17}$/

/** Reads a hash, with or without its #. */
export function openFrom(hash: string): Open {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const id = (key: string) => (form.test(given.get(key) ?? '') ? given.get(key)! : '')
  return { building: id('building'), house: id('house') }
}

/** Where the map begins, as longitude and latitude; undefined when it isn't said, or can't be read. */
export function beginning(hash: string): [number, number] | undefined {
  const [lon, lat, more] = (new URLSearchParams(hash.replace(/^#/, '')).get('at') ?? '').split(',').map((n) => (n.trim() === '' ? NaN : Number(n)))
  return more === undefined && Math.abs(lon ?? NaN) <= 180 && Math.abs(lat ?? NaN) <= 90 ? [lon!, lat!] : undefined
}

export const beginAt = ([lon, lat]: readonly [number, number]) => `#at=${lon.toFixed(6)},${lat.toFixed(6)}`

/** Writes a hash, # included; empty when nothing is open. */
export function hashOf({ building, house }: Open): string {
  const parts = [building && 'building=' + building, house && 'house=' + house].filter(Boolean)
  return parts.length ? '#' + parts.join('&') : ''
}

/** How many metres two positions of one county are apart. */
export function apart(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const metre = 111_320 // of a degree of latitude
  return Math.hypot((a.lon - b.lon) * metre * Math.cos((a.lat * Math.PI) / 180), (a.lat - b.lat) * metre)
}
