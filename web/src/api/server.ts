// The questions the page asks the server. One function a question; each throws a Problem, or the
// AbortError of the signal it was given.

import createClient from 'openapi-fetch'
import { Problem, problemFrom } from './problem'
import type { paths } from './schema'
import type { Division, DivisionDetail, Figures, Found, Grid, GridSummary, Meta } from './shapes'

/** Against the page's own address, so that the program can stand behind a path of a larger site. */
const client = createClient<paths>({ baseUrl: typeof document === 'undefined' ? '' : new URL('.', document.baseURI).href.replace(/\/$/, '') })

/** Takes the answer out of what openapi-fetch gives, or throws what went wrong. */
async function from<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>, signal?: AbortSignal): Promise<T> {
  let answer: Awaited<typeof asked>
  try {
    answer = await asked
  } catch (thrown) {
    if (signal?.aborted) throw thrown
    throw new Problem(0)
  }
  if (answer.data === undefined) throw problemFrom(answer.response.status, answer.error)
  return answer.data
}

const within = (signal: AbortSignal | undefined) => (signal ? { signal } : {})

export const meta = (signal?: AbortSignal): Promise<Meta> => from(client.GET('/api/meta', within(signal)), signal)

export const division = (code: string, signal?: AbortSignal): Promise<DivisionDetail> =>
  from(client.GET('/api/divisions/{code}', { params: { path: { code } }, ...within(signal) }), signal)

export const divisionsBelow = async (parent: string, signal?: AbortSignal): Promise<Division[]> =>
  (await from(client.GET('/api/divisions', { params: { query: { parent } }, ...within(signal) }), signal)).divisions

export const figures = (code: string, signal?: AbortSignal): Promise<Figures> =>
  from(client.GET('/api/divisions/{code}/figures', { params: { path: { code } }, ...within(signal) }), signal)

export const grid = (code: string, signal?: AbortSignal): Promise<Grid> =>
  from(client.GET('/api/grids/{code}', { params: { path: { code } }, ...within(signal) }), signal)

/** All grids of a division, page after page. */
export async function gridsOf(division: string, signal?: AbortSignal): Promise<GridSummary[]> {
  const all: GridSummary[] = []
  let cursor: string | null = null
  do {
    const query: { division: string; limit: number; cursor?: string } = { division, limit: 2000, ...(cursor ? { cursor } : {}) }
    const page = await from(client.GET('/api/grids', { params: { query }, ...within(signal) }), signal)
    all.push(...page.grids)
    cursor = page.next
  } while (cursor)
  return all
}

export const search = async (q: string, signal?: AbortSignal): Promise<Found[]> =>
  (await from(client.GET('/api/search', { params: { query: { q, limit: 20 } }, ...within(signal) }), signal)).results
