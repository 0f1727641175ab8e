// The auditor's questions of the trail.

import type { Filter } from '../domain/trail'
import { queryOf } from '../domain/trail'
import { base } from './client'
import { ask } from './plain'
import type { TrailEntry } from './shapes'

export const pageSize = 100

export const trail = (filter: Filter, cursor: string | undefined, signal?: AbortSignal) =>
  ask<{ entries: TrailEntry[]; cursor?: string }>('GET', '/api/trail', undefined, { ...queryOf(filter), cursor, limit: pageSize }, signal)

/** The address of the export with the same filters: the browser saves it as it comes, however long it is. */
export const exportAddress = (filter: Filter) => `${base}/api/trail.csv?${new URLSearchParams(queryOf(filter))}`
