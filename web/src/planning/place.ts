// Where the planner is, as the part of the address after #: which draft, which grid, where the camera stands. What can't be read is dropped.

import { levelOf } from '../domain/code'
import { parse as parseMap } from '../domain/place'
import type { Camera } from '../domain/place'

export interface PlanPlace {
  draft?: string
  community?: string
  grid?: string
  camera?: Camera
}

export function parsePlan(hash: string): PlanPlace {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const place: PlanPlace = {}
  const draft = given.get('draft') ?? ''
  if (/^\d{6}-[1-9]\d{0,17}$/.test(draft)) place.draft = draft
  const community = given.get('community') ?? ''
  if (levelOf(community) === 'community') place.community = community
  const grid = given.get('grid') ?? ''
  if (levelOf(grid) === 'grid' || /^new-\d{1,9}$/.test(grid)) place.grid = grid
  const { camera } = parseMap(hash)
  if (camera) place.camera = camera
  return place
}

export function formatPlan(place: PlanPlace): string {
  const parts: string[] = []
  if (place.draft) parts.push('draft=' + place.draft)
  if (place.community) parts.push('community=' + place.community)
  if (place.grid) parts.push('grid=' + place.grid)
  if (place.camera) parts.push(`map=${place.camera.zoom.toFixed(2)}/${place.camera.lat.toFixed(5)}/${place.camera.lon.toFixed(5)}`)
  return parts.length ? '#' + parts.join('&') : ''
}
