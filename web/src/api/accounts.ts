// The questions of those who look after accounts: the administrator makes them, the security officer grants, the auditor looks.

import { answer, client, within } from './client'
import type { Account } from './shapes'

export interface NewAccount {
  name: string
  display: string
  kind: Account['kind']
  division: string
}

export type Resettable = 'password' | 'second-factor' | 'sessions'

const one = (id: number) => ({ path: { id } })

/** All accounts of one's ground whose name holds q, page after page. */
export async function accounts(q: string, signal?: AbortSignal): Promise<Account[]> {
  const all: Account[] = []
  let cursor = ''
  do {
    const query = { limit: 500, ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) }
    const page = await answer(client.GET('/api/accounts', { params: { query }, ...within(signal) }), signal)
    all.push(...page.accounts)
    cursor = page.cursor
  } while (cursor)
  return all
}

/** The first few accounts whose name holds q. */
export const found = async (q: string, limit: number, signal?: AbortSignal): Promise<Account[]> =>
  (await answer(client.GET('/api/accounts', { params: { query: { q, limit } }, ...within(signal) }), signal)).accounts

/** One account, as it is now. */
export const account = (id: number, signal?: AbortSignal): Promise<Account> =>
  answer(client.GET('/api/accounts/{id}', { params: one(id), ...within(signal) }), signal)

/** Makes an account without any role; a person's first password is in the answer, this once. */
export const create = (body: NewAccount): Promise<{ account: Account; password?: string }> => answer(client.POST('/api/accounts', { body }))

export const change = (id: number, body: { display?: string; division?: string; disabled?: boolean }): Promise<Account> =>
  answer(client.PATCH('/api/accounts/{id}', { params: one(id), body }))

/** A password that is reset is in the answer, this once. */
export const reset = (id: number, what: Resettable): Promise<{ password?: string }> =>
  answer(client.POST('/api/accounts/{id}/reset', { params: one(id), body: { what } }))

export const grant = (id: number, role: string, code: string): Promise<Account> =>
  answer(client.POST('/api/accounts/{id}/grants', { params: one(id), body: { role, code } }))

export const ungrant = (id: number, role: string, code: string): Promise<Account> =>
  answer(client.DELETE('/api/accounts/{id}/grants', { params: { ...one(id), query: { role, code } } }))

export const label = (id: number, label: string, code: string): Promise<Account> =>
  answer(client.POST('/api/accounts/{id}/labels', { params: one(id), body: { label, code } }))

export const unlabel = (id: number, label: string, code: string): Promise<Account> =>
  answer(client.DELETE('/api/accounts/{id}/labels', { params: { ...one(id), query: { label, code } } }))

/** The token is in the answer, this once. */
export const makeToken = (id: number, name: string, days: number): Promise<{ token: string }> =>
  answer(client.POST('/api/accounts/{id}/tokens', { params: one(id), body: { name, days } }))

export const revokeToken = (id: number, token: number): Promise<Account> =>
  answer(client.DELETE('/api/accounts/{id}/tokens/{token}', { params: { path: { id, token } } }))
