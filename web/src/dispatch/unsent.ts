// Reports that couldn't be sent because the line was gone. They wait in the browser's own storage, so that they outlive the tab, and go out
// under the name that they got when they were made: the server takes each once. Whom to call isn't among what is stored: a phone number
// doesn't belong on the disk of a computer that others use too. Pure.

import type { Report } from '../api/shapes'

export interface Unsent {
  /** The name of the report: sent twice it is one incident. */
  request: string
  /** When it was made, in milliseconds since 1970. */
  made: number
  /** The report without its contact. */
  body: Omit<Report, 'contact'>
  /** Whether there was a contact, which is only in the memory of the tab that made it. */
  contact: boolean
  /** Why the server refused it, in both languages; it waits for its reporter then. */
  refused?: { zh: string; en: string } | undefined
}

/** After so long it isn't sent without being asked: what was urgent may be over. */
export const staleAfter = 2 * 3600_000

export const stale = (u: Unsent, now: number): boolean => now - u.made > staleAfter

/** Puts a report at the end, or over the one of the same name. */
export function put(list: readonly Unsent[], u: Unsent): Unsent[] {
  return list.some((o) => o.request === u.request) ? list.map((o) => (o.request === u.request ? u : o)) : [...list, u]
}

export const without = (list: readonly Unsent[], request: string): Unsent[] => list.filter((o) => o.request !== request)

/** What goes out next by itself: the oldest that is neither refused nor stale. */
export const next = (list: readonly Unsent[], now: number): Unsent | undefined => list.find((u) => !u.refused && !stale(u, now))

/** Reads what was stored; what can't be read is dropped. */
export function parse(text: string | null): Unsent[] {
  try {
    const all: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(all) ? all.filter(isUnsent) : []
  } catch {
    return []
  }
}

function isUnsent(value: unknown): value is Unsent {
  const u = value as Unsent | null
  return typeof u === 'object' && u !== null && typeof u.request === 'string' && u.request !== '' && typeof u.made === 'number' && typeof u.body?.kind === 'string' && typeof u.body.text === 'string' && Number.isFinite(u.body.lon) && Number.isFinite(u.body.lat)
}

/** What is stored: never a contact, whatever the body holds. */
export function format(list: readonly Unsent[]): string {
  return JSON.stringify(list.map((u) => ({ ...u, body: { ...u.body, contact: undefined } })))
}
