// What the auditor asks of the trail, kept in the address so that a question can be sent to somebody and the browser's back
// leads to the one before:
//
//   #time=7d&action=grant.given&place=370883001&q=…     or     #from=2025-11-01T00:00&to=2025-11-08T00:00
//
// What can't be read is dropped, never an error.

import { levelOf } from './code'

/** The actions that the trail knows, by the server's names, in the groups in which they are offered. */
export const actions = {
  door: ['sign-in', 'sign-in.refused', 'sign-in.second-factor', 'second-factor.refused', 'sign-out', 'sign-out.everywhere'],
  own: ['password.changed', 'second-factor.set', 'second-factor.removed', 'recovery.made'],
  accounts: ['account.created', 'account.changed', 'account.disabled', 'account.enabled', 'account.reset', 'token.made', 'token.revoked'],
  grants: ['grant.given', 'grant.taken', 'label.given', 'label.taken'],
  persons: ['incident.reported', 'incident.looked', 'incident.unmasked', 'incident.visited', 'house.looked', 'resident.sought', 'resident.looked', 'resident.unmasked', 'resident.changed', 'register.imported', 'address.placed', 'organisation.unmasked', 'vehicle.unmasked'],
  posts: ['responder.added', 'responder.changed', 'responder.ended', 'responder.returned', 'responder.unmasked', 'post.assigned', 'post.ended', 'surroundings.corrected', 'care.defined'],
  system: ['trail.read', 'trail.exported', 'trail.dropped', 'layout.published', 'keys.rotated'],
} as const
export type ActionGroup = keyof typeof actions
export type Action = (typeof actions)[ActionGroup][number]

export const spans = ['1h', '1d', '7d', '30d', 'all', 'range'] as const
export type Span = (typeof spans)[number]

const hours: Partial<Record<Span, number>> = { '1h': 1, '1d': 24, '7d': 7 * 24, '30d': 30 * 24 }

export interface Filter {
  span: Span
  /** Local time as an input of the browser writes it (2025-11-22T16:00), for span "range"; empty is open. */
  from: string
  to: string
  /** Id of who did it; 0: whoever. */
  account: number
  action: string
  subject: string
  /** Code of a division or grid. */
  place: string
  q: string
}

export const anything: Filter = { span: '7d', from: '', to: '', account: 0, action: '', subject: '', place: '', q: '' }

const texts = ['action', 'subject', 'q'] as const

/** Reads a hash, with or without its #. */
export function filterFrom(hash: string): Filter {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const filter = { ...anything }
  for (const key of texts) filter[key] = given.get(key) ?? ''
  const account = Number(given.get('account') ?? 0)
  if (Number.isSafeInteger(account) && account > 0) filter.account = account
  const place = given.get('place') ?? ''
  if (levelOf(place)) filter.place = place
  const local = (key: string) => (/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(given.get(key) ?? '') ? given.get(key)! : '')
  filter.from = local('from')
  filter.to = local('to')
  filter.span = filter.from || filter.to ? 'range' : (spans.find((s) => s === given.get('time') && s !== 'range') ?? anything.span)
  return filter
}

/** Writes a hash, # included; empty when nothing differs from what is asked at first. */
export function hashOf(filter: Filter): string {
  const given = new URLSearchParams()
  if (filter.span === 'range') {
    if (filter.from) given.set('from', filter.from)
    if (filter.to) given.set('to', filter.to)
  } else if (filter.span !== anything.span) given.set('time', filter.span)
  for (const key of [...texts, 'place'] as const) if (filter[key].trim()) given.set(key, filter[key].trim())
  if (filter.account) given.set('account', String(filter.account))
  return given.size ? '#' + given.toString() : ''
}

type Query = { account?: number } & { [K in 'from' | 'to' | 'place' | (typeof texts)[number]]?: string }

/** The parameters of the server's question. Times are instants in UTC; what is left open is left out. */
export function queryOf(filter: Filter, now = new Date()): Query {
  const query: Query = {}
  const back = hours[filter.span]
  if (back) query.from = new Date(now.getTime() - back * 3_600_000).toISOString()
  if (filter.span === 'range') {
    if (filter.from) query.from = new Date(filter.from).toISOString()
    if (filter.to) query.to = new Date(filter.to).toISOString()
  }
  for (const key of [...texts, 'place'] as const) if (filter[key].trim()) query[key] = filter[key].trim()
  if (filter.account) query.account = filter.account
  return query
}

/** Whether a range ends before it begins. */
export function backwards(filter: Filter): boolean {
  return filter.span === 'range' && filter.from !== '' && filter.to !== '' && filter.to <= filter.from
}

/** An entry's details as rows of name and value: nested names joined by dots, lists by commas. */
export function detailRows(details: unknown, under = ''): [name: string, value: string][] {
  if (details === null || details === undefined || details === '') return []
  if (typeof details !== 'object') return [[under, String(details)]]
  if (Array.isArray(details) && details.every((d) => typeof d !== 'object')) return details.length ? [[under, details.join(', ')]] : []
  return Object.entries(details).flatMap(([key, value]) => detailRows(value, under ? `${under}.${key}` : key))
}
