// The auditor's questions of the trail.

import type { Filter } from '../domain/trail'
import { queryOf } from '../domain/trail'
import { answer, base, client, within } from './client'
import type { TrailEntry } from './shapes'

const pageSize = 100

export const trail = (filter: Filter, cursor: string | undefined, signal?: AbortSignal): Promise<{ entries: TrailEntry[]; cursor: string }> =>
  answer(client.GET('/api/trail', { params: { query: { ...queryOf(filter), limit: pageSize, ...(cursor ? { cursor } : {}) } }, ...within(signal) }), signal)

/** The address of the export with the same filters: the browser saves it as it comes, however long it is. */
export function exportAddress(filter: Filter): string {
  const query = Object.entries(queryOf(filter)).map(([name, value]): [string, string] => [name, String(value)])
  return `${base}/api/trail.csv?${new URLSearchParams(query)}`
}
