// What the page of responders shows, kept in the address so that it can be sent to somebody and the browser's back leads to the one before:
//
//   #division=370883001&vacant=any&grid=370883001002003     or     #view=people&division=370883&free=1&id=370883-12
//
// What can't be read is dropped, never an error.

import { levelOf } from '../domain/code'

export type Vacant = '' | 'any' | 'worker' | 'leader'

export interface Shown {
  view: 'posts' | 'people'
  /** Code of a division, or of a grid for who has no more than that. */
  division: string
  vacant: Vacant
  /** The grid whose posts are open. */
  grid: string
  /** The person who is open. */
  id: string
  kind: string
  free: boolean
  ended: boolean
}

const vacancies: readonly string[] = ['any', 'worker', 'leader']

/** Reads a hash, with or without its #; home is the division when none is said. */
export function shownFrom(hash: string, home: string): Shown {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const text = (key: string) => given.get(key) ?? ''
  return {
    view: text('view') === 'people' ? 'people' : 'posts',
    division: levelOf(text('division')) ? text('division') : home,
    vacant: vacancies.includes(text('vacant')) ? (text('vacant') as Vacant) : '',
    grid: levelOf(text('grid')) === 'grid' ? text('grid') : '',
    id: /^\d{6}-[1-9]\d{0,17}$/.test(text('id')) ? text('id') : '',
    kind: text('kind'),
    free: text('free') === '1',
    ended: text('ended') === '1',
  }
}

/** Writes a hash, # included; empty when nothing differs from what is shown at first. */
export function hashOf(shown: Shown, home: string): string {
  const given = new URLSearchParams()
  if (shown.view === 'people') given.set('view', 'people')
  if (shown.division !== home) given.set('division', shown.division)
  if (shown.view === 'posts') {
    if (shown.vacant) given.set('vacant', shown.vacant)
    if (shown.grid) given.set('grid', shown.grid)
  } else {
    for (const key of ['kind', 'id'] as const) if (shown[key]) given.set(key, shown[key])
    for (const key of ['free', 'ended'] as const) if (shown[key]) given.set(key, '1')
  }
  return given.size ? '#' + given.toString() : ''
}
