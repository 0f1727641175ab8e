// The questions the page asks the server. One function a question; each throws a Problem.

import { Problem, problemFrom } from './problem'
import type { Division, DivisionDetail, Figures, Found, Grid, GridSummary, Meta } from './shapes'

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  let answer: Response
  try {
    answer = await fetch(new URL(path, document.baseURI), { headers: { accept: 'application/json' }, signal: signal ?? null })
  } catch (thrown) {
    if (signal?.aborted) throw thrown
    throw new Problem(0)
  }
  const body: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok) throw problemFrom(answer.status, body)
  return body as T
}

export const meta = (signal?: AbortSignal) => get<Meta>('api/meta', signal)
export const division = (code: string, signal?: AbortSignal) => get<DivisionDetail>('api/divisions/' + code, signal)
export const divisionsBelow = async (parent: string, signal?: AbortSignal) =>
  (await get<{ divisions: Division[] }>('api/divisions?parent=' + parent, signal)).divisions ?? []
export const figures = (code: string, signal?: AbortSignal) => get<Figures>(`api/divisions/${code}/figures`, signal)
export const grid = (code: string, signal?: AbortSignal) => get<Grid>('api/grids/' + code, signal)

/** All grids of a division, page after page. */
export async function gridsOf(division: string, signal?: AbortSignal): Promise<GridSummary[]> {
  const all: GridSummary[] = []
  let cursor = ''
  do {
    const query = new URLSearchParams({ division, limit: '2000', ...(cursor ? { cursor } : {}) })
    const page = await get<{ grids: GridSummary[]; next: string | null }>('api/grids?' + query.toString(), signal)
    all.push(...(page.grids ?? []))
    cursor = page.next ?? ''
  } while (cursor)
  return all
}

export const search = async (q: string, signal?: AbortSignal) =>
  (await get<{ results: Found[] }>('api/search?q=' + encodeURIComponent(q), signal)).results ?? []
