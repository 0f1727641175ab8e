// Somebody whom another page opens here: handed over in memory, as nothing about a person stands in an address.

import type { Person } from './view.svelte'

let coming: Person | undefined

export function bring(person: Person) {
  coming = person
}

/** Whoever was brought, once. */
export function arrived(): Person | undefined {
  const person = coming
  coming = undefined
  return person
}
