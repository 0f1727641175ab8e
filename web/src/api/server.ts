// The questions of the map. One function a question; each throws a Problem, or the AbortError of the signal it was given.

import { answer, byItself, client, within } from './client'
import type { Division, DivisionDetail, Figures, Found, Grid, GridHistory, GridSummary, LayoutVersion, Meta } from './shapes'

export const meta = (signal?: AbortSignal): Promise<Meta> => answer(client.GET('/api/meta', within(signal)), signal)

export const division = (code: string, signal?: AbortSignal): Promise<DivisionDetail> =>
  answer(client.GET('/api/divisions/{code}', { params: { path: { code } }, ...within(signal) }), signal)

export const divisionsBelow = async (parent: string, signal?: AbortSignal): Promise<Division[]> =>
  (await answer(client.GET('/api/divisions', { params: { query: { parent } }, ...within(signal) }), signal)).divisions

/** quiet: the page asks by itself. */
export const figures = (code: string, signal?: AbortSignal, quiet = false): Promise<Figures> =>
  answer(client.GET('/api/divisions/{code}/figures', { params: { path: { code } }, ...within(signal), ...(quiet ? { headers: byItself } : {}) }), signal)

export const grid = (code: string, signal?: AbortSignal): Promise<Grid> =>
  answer(client.GET('/api/grids/{code}', { params: { path: { code } }, ...within(signal) }), signal)

/** What became of a grid, of a retired one too. */
export const gridHistory = (code: string, signal?: AbortSignal): Promise<GridHistory> =>
  answer(client.GET('/api/grids/{code}/history', { params: { path: { code } }, ...within(signal) }), signal)

/** The versions of the layout of a division's county, the newest first; before one, where there are more. */
export const versions = async (code: string, before: number | undefined, limit: number, signal?: AbortSignal): Promise<LayoutVersion[]> =>
  (await answer(client.GET('/api/divisions/{code}/versions', { params: { path: { code }, query: { limit, ...(before ? { before } : {}) } }, ...within(signal) }), signal)).versions

/** All grids of a division, page after page. */
export async function gridsOf(division: string, signal?: AbortSignal): Promise<GridSummary[]> {
  const all: GridSummary[] = []
  let cursor: string | null = null
  do {
    const query: { division: string; limit: number; cursor?: string } = { division, limit: 2000, ...(cursor ? { cursor } : {}) }
    const page = await answer(client.GET('/api/grids', { params: { query }, ...within(signal) }), signal)
    all.push(...page.grids)
    cursor = page.next
  } while (cursor)
  return all
}

export const search = async (q: string, signal?: AbortSignal, limit = 20): Promise<Found[]> =>
  (await answer(client.GET('/api/search', { params: { query: { q, limit } }, ...within(signal) }), signal)).results
