// What the watch list shows, kept in the address so that a link leads to the same list: codes alone, nobody's name or number.
//
//   #division=370883001002&kind=alone&overdue=1
//   #division=370883001002&incidents=1
//
// What can't be read is dropped, never an error.

import { levelOf } from '../domain/code'

export interface Shown {
  /** Code of a division or a grid. */
  division: string
  /** Of care; empty for all. */
  kind: string
  overdue: boolean
  /** The visits that incidents call for, instead of those to people on the list. */
  incidents: boolean
}

/** Reads a hash, with or without its #; home is the ground when none is said. */
export function shownFrom(hash: string, home: string): Shown {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const [division, kind] = [given.get('division') ?? '', given.get('kind') ?? '']
  return { division: levelOf(division) ? division : home, kind: /^[a-z][a-z0-9-]{0,39}$/.test(kind) ? kind : '', overdue: given.get('overdue') === '1', incidents: given.get('incidents') === '1' }
}

/** Writes a hash, # included; empty when nothing differs from what is shown at first. */
export function hashOf({ division, kind, overdue, incidents }: Shown, home: string): string {
  const given = new URLSearchParams()
  if (division !== home) given.set('division', division)
  if (kind) given.set('kind', kind)
  if (overdue) given.set('overdue', '1')
  if (incidents) given.set('incidents', '1')
  return given.size ? '#' + given.toString() : ''
}
