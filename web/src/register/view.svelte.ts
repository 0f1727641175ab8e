// What of the register is open. Houses and buildings stand in the address, so that links and the browser's back and forward work; whom somebody looks at
// or looked for is kept here alone, and gone when the page is left.

import type { ResidentFound } from '../api/shapes'
import { route } from '../shell/route.svelte'
import { arrived } from './arriving'
import { hashOf, openFrom } from './place'
import type { Open } from './place'

/** Somebody who is open: what is known of them already, from a search or a house. */
export interface Person {
  id: string
  name: string
  /** Found by a search: where they live, or lived last. */
  found?: ResidentFound
}

export class View {
  tab: 'houses' | 'people' | 'organisations' = $state('houses')
  person: Person | undefined = $state.raw(arrived())
  private readonly open: Open = $derived(openFrom(route.hash))

  get building(): string {
    return this.open.building
  }
  get house(): string {
    return this.open.house
  }

  /** Opens and closes; a step in the browser's history unless it only corrects the last one. */
  set(next: Partial<Open>, step = true) {
    this.person = undefined
    route.note(hashOf({ ...this.open, ...next }), step)
  }

  /** Somebody found by a search: what was open isn't about them. */
  meet(found: ResidentFound) {
    this.set({ building: '', house: '' })
    this.person = { id: found.resident, name: found.name, found }
  }
}
