// The questions about incidents. quiet: the page asks by itself, not its reader.

import { answer, byItself, client, within } from './client'
import type { GridAt, Incident, IncidentDetail, IncidentKinds, IncidentPage, Report, Unmasked } from './shapes'

const quietly = (quiet: boolean) => (quiet ? { headers: byItself } : {})

export const incidentKinds = (signal?: AbortSignal): Promise<IncidentKinds> => answer(client.GET('/api/incident-kinds', { ...within(signal), ...quietly(true) }), signal)

export interface Wanted {
  division: string
  /** Empty: all. */
  group: string
  /** 0: all. */
  severity: number
  limit: number
  cursor?: string | undefined
}

export const incidents = (w: Wanted, signal?: AbortSignal, quiet = false): Promise<IncidentPage> =>
  answer(
    client.GET('/api/incidents', {
      params: { query: { division: w.division, group: w.group, severity: w.severity, limit: w.limit, ...(w.cursor ? { cursor: w.cursor } : {}) } },
      ...within(signal),
      ...quietly(quiet),
    }),
    signal,
  )

export const incident = (id: string, signal?: AbortSignal): Promise<IncidentDetail> =>
  answer(client.GET('/api/incidents/{id}', { params: { path: { id } }, ...within(signal) }), signal)

/** In clear, for a reason that is kept in the audit trail. */
export const unmask = (id: string, reason: string): Promise<Unmasked> => answer(client.POST('/api/incidents/{id}/contact', { params: { path: { id } }, body: { reason } }))

export const gridAt = (lon: number, lat: number, crs: Report['crs'], signal?: AbortSignal): Promise<GridAt> =>
  answer(client.GET('/api/grids/at', { params: { query: { lon, lat, crs: crs === 'cgcs2000' ? 'wgs84' : crs } }, ...within(signal) }), signal)

/** Sent again under the same request it comes to the same incident. */
export const report = (body: Report, signal?: AbortSignal, quiet = false): Promise<Incident> => answer(client.POST('/api/incidents', { body, ...within(signal), ...quietly(quiet) }), signal)
