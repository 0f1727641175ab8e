// The questions about responders and the posts of grids.

import { answer, client, within } from './client'
import type { CalledResponder, GridPosts, PostPage, Responder, Surroundings } from './shapes'

export type Kind = Responder['kind']
export type Post = 'worker' | 'leader'
export const kinds = ['grid-worker', 'grid-leader', 'police', 'volunteer', 'repair'] as const
export const posts = ['worker', 'leader'] as const

const one = (id: string) => ({ path: { id } })

export interface Wanted {
  /** Code of a division or a grid. */
  division: string
  kind?: Kind
  q?: string
  free?: boolean
  ended?: boolean
}

/** All responders of a division, page after page. */
export async function responders(wanted: Wanted, signal?: AbortSignal): Promise<Responder[]> {
  const all: Responder[] = []
  let cursor = ''
  do {
    const query = { ...wanted, limit: 500, ...(cursor ? { cursor } : {}) }
    const page = await answer(client.GET('/api/responders', { params: { query }, ...within(signal) }), signal)
    all.push(...page.responders)
    cursor = page.cursor
  } while (cursor)
  return all
}

/** The first few of them. */
export const found = async (wanted: Wanted, limit: number, signal?: AbortSignal): Promise<Responder[]> =>
  (await answer(client.GET('/api/responders', { params: { query: { ...wanted, limit } }, ...within(signal) }), signal)).responders

export const responder = (id: string, signal?: AbortSignal): Promise<Responder> =>
  answer(client.GET('/api/responders/{id}', { params: one(id), ...within(signal) }), signal)

export interface NewResponder {
  kind: Kind
  name: string
  division: string
  phone?: string
  account?: string
}

export const add = (body: NewResponder): Promise<Responder> => answer(client.POST('/api/responders', { body }))

export const change = (id: string, body: Partial<NewResponder> & { ended?: boolean }): Promise<Responder> =>
  answer(client.PATCH('/api/responders/{id}', { params: one(id), body }))

/** In clear, for a reason that is kept in the audit trail. */
export const call = (id: string, reason: string): Promise<CalledResponder> =>
  answer(client.POST('/api/responders/{id}/phone', { params: one(id), body: { reason } }))

/** The posts of all grids of a division, page after page; the figures are those of the first page. */
export async function postsOf(division: string, vacant: '' | 'any' | Post, signal?: AbortSignal): Promise<PostPage> {
  const ask = (cursor: string) =>
    answer(client.GET('/api/posts', { params: { query: { division, limit: 500, ...(vacant ? { vacant } : {}), ...(cursor ? { cursor } : {}) } }, ...within(signal) }), signal)
  const first = await ask('')
  for (let cursor = first.cursor; cursor; ) {
    const page = await ask(cursor)
    first.posts.push(...page.posts)
    cursor = page.cursor
  }
  return { ...first, cursor: '' }
}

export interface Assignment {
  /** Empty: nobody, the post becomes vacant. */
  responder: string
  since?: string
  substitute?: { responder: string; from: string; to: string }
  /** Who held it as the page shows it. */
  was: string
}

export const assign = (grid: string, post: Post, body: Assignment): Promise<GridPosts> =>
  answer(client.PUT('/api/grids/{code}/posts/{post}', { params: { path: { code: grid, post } }, body }))

/** Without Chinese words the program's own hold again. */
export const correctSurroundings = (grid: string, zh: string, en: string): Promise<Surroundings> =>
  answer(client.PUT('/api/grids/{code}/surroundings', { params: { path: { code: grid } }, body: { zh, en } }))
