// Where the reader is, as the part of the address after #, so that a link shows what its sender saw:
//
//   #map=15.20/40.00530/116.32470&division=110108014&grid=110108014000012&mode=deviation&lang=zh
//   #division=110108014&incident=110108-12
//
// What is left out is the default; what can't be read is dropped, never an error.

import { levelOf } from './code'
import type { Lang } from './number'

export const modes = ['deviation', 'population', 'plain'] as const
export type Mode = (typeof modes)[number]

export interface Camera {
  zoom: number
  lat: number
  lon: number
}

export interface Place {
  camera?: Camera
  division?: string
  grid?: string
  /** An incident that is open, by its id: 370883-12. */
  incident?: string
  mode?: Mode
  lang?: Lang
}

/** Reads a hash, with or without its #. */
export function parse(hash: string): Place {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const place: Place = {}
  const camera = parseCamera(given.get('map') ?? '')
  if (camera) place.camera = camera
  const division = given.get('division') ?? ''
  const level = levelOf(division)
  if (level && level !== 'grid') place.division = division
  const grid = given.get('grid') ?? ''
  if (levelOf(grid) === 'grid') place.grid = grid
  const incident = given.get('incident') ?? ''
  if (/^\d{6}-[1-9]\d{0,17}$/.test(incident)) place.incident = incident
  const mode = modes.find((m) => m === given.get('mode'))
  if (mode) place.mode = mode
  const lang = given.get('lang')
  if (lang === 'zh' || lang === 'en') place.lang = lang
  return place
}

/** Writes a hash, # included. Five decimals of a degree are a metre, and a camera needs no more. */
export function format(place: Place): string {
  const parts: string[] = []
  if (place.camera) {
    const { zoom, lat, lon } = place.camera
    parts.push(`map=${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`)
  }
  if (place.division) parts.push('division=' + place.division)
  if (place.grid) parts.push('grid=' + place.grid)
  if (place.incident) parts.push('incident=' + place.incident)
  if (place.mode && place.mode !== 'deviation') parts.push('mode=' + place.mode)
  if (place.lang) parts.push('lang=' + place.lang)
  return '#' + parts.join('&')
}

function parseCamera(text: string): Camera | undefined {
  const [zoom, lat, lon, ...rest] = text.split('/').map((s) => (s === '' ? NaN : Number(s)))
  if (rest.length || zoom === undefined || lat === undefined || lon === undefined) return undefined
  const fits = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180
  return fits ? { zoom, lat, lon } : undefined
}
