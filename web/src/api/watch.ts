// The questions about who is looked after and visited. Each look at the list or at somebody's visits is kept in the audit trail.

import { answer, client, within } from './client'
import type { CareKind, IncidentCall, IncidentVisit, Reason, ResidentVisit, WatchCount, Watched } from './shapes'

const one = (id: string) => ({ path: { id } })

export interface Wanted {
  /** Code of a division or a grid. */
  division: string
  /** Of care; empty for all. */
  kind: string
  overdue: boolean
}

export const pageSize = 50

/** A page of the list; skip: how many come before it. */
export const watched = ({ division, kind, overdue }: Wanted, skip: number, signal?: AbortSignal): Promise<{ residents: Watched[]; more: boolean }> =>
  answer(client.GET('/api/watch', { params: { query: { division, limit: pageSize, ...(kind ? { kind } : {}), ...(overdue ? { overdue } : {}), ...(skip > 0 ? { cursor: String(skip) } : {}) } }, ...within(signal) }), signal)

/** How many are on the list: all of it under the kind '', then by kinds of care. */
export const counts = async (division: string, signal?: AbortSignal): Promise<WatchCount[]> =>
  (await answer(client.GET('/api/watch/counts', { params: { query: { division } }, ...within(signal) }), signal)).counts

export const visits = async (resident: string, signal?: AbortSignal): Promise<ResidentVisit[]> =>
  (await answer(client.GET('/api/residents/{id}/visits', { params: one(resident), ...within(signal) }), signal)).visits

export const plan = (resident: string, reason: Reason, due: string): Promise<{ visit: string }> => answer(client.POST('/api/residents/{id}/visits', { params: one(resident), body: { reason, due } }))

export interface Made {
  on: string
  note?: string
  again?: string
}

/** A visit that was on the plan was made. */
export const enter = (visit: string, body: Made): Promise<{ visit: string }> => answer(client.POST('/api/visits/{id}', { params: one(visit), body }))

/** A visit was made that was on no plan. */
export const enterUnplanned = (resident: string, reason: Reason, { on, ...rest }: Made): Promise<{ visit: string }> =>
  answer(client.POST('/api/residents/{id}/visits', { params: one(resident), body: { reason, due: on, made: true, ...rest } }))

export const drop = (visit: string): Promise<{ visit: string }> => answer(client.DELETE('/api/visits/{id}', { params: one(visit) }))

/** A page of the visits still to be made because of incidents, and how many there are in all. */
export const calls = (division: string, cursor?: string, signal?: AbortSignal, limit = pageSize): Promise<{ calls: IncidentCall[]; total: number; cursor: string }> =>
  answer(client.GET('/api/incident-visits', { params: { query: { division, limit, ...(cursor ? { cursor } : {}) } }, ...within(signal) }), signal)

/** The visit that an incident called for; undefined when it called for none. */
export const callOf = async (incident: string, signal?: AbortSignal): Promise<IncidentVisit | undefined> =>
  (await answer(client.GET('/api/incidents/{id}/visit', { params: one(incident), ...within(signal) }), signal)).visit

export const enterCall = async (incident: string, body: { on: string; note?: string }): Promise<IncidentVisit | undefined> =>
  (await answer(client.POST('/api/incidents/{id}/visit', { params: one(incident), body }))).visit

export const dropCall = async (incident: string): Promise<void> => void (await answer(client.DELETE('/api/incidents/{id}/visit', { params: one(incident) })))

export const kinds = async (county: number, signal?: AbortSignal): Promise<CareKind[]> =>
  (await answer(client.GET('/api/care-kinds', { params: { query: { county } }, ...within(signal) }), signal)).kinds

export interface Kind {
  zh: string
  en: string
  every: number
}

export const define = (county: number, kind: Kind & { special: string }): Promise<{ kind: string }> => answer(client.POST('/api/care-kinds', { body: { county, ...kind } }))

export const redefine = (county: number, kind: string, body: Kind & { used: boolean }): Promise<{ kind: string }> =>
  answer(client.PUT('/api/care-kinds/{county}/{kind}', { params: { path: { county, kind } }, body }))

/** Puts somebody under a kind of care; the act can be undone. */
export const care = (resident: string, kind: string): Promise<{ act: string }> => answer(client.PUT('/api/residents/{id}/care/{kind}', { params: { path: { id: resident, kind } } }))

export const endCare = (resident: string, kind: string): Promise<{ act: string }> => answer(client.DELETE('/api/residents/{id}/care/{kind}', { params: { path: { id: resident, kind } } }))

export const undo = (act: string): Promise<{ act: string }> => answer(client.POST('/api/register-acts/{id}/undo', { params: one(act) }))
