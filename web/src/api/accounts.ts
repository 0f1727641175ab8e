// The questions of those who look after accounts: the administrator makes them, the security officer grants, the auditor looks.

import { ask } from './plain'
import type { Account } from './shapes'

export interface NewAccount {
  name: string
  display: string
  kind: Account['kind']
  division: string
}

/** All accounts of one's ground whose name holds q, page after page. */
export async function accounts(q: string, signal?: AbortSignal): Promise<Account[]> {
  const all: Account[] = []
  let cursor: string | undefined
  do {
    const page: { accounts: Account[]; cursor?: string } = await ask('GET', '/api/accounts', undefined, { q, cursor, limit: 500 }, signal)
    all.push(...page.accounts)
    cursor = page.cursor
  } while (cursor)
  return all
}

/** One account, as it is now. */
export const account = (id: number, signal?: AbortSignal) => ask<Account>('GET', `/api/accounts/${id}`, undefined, undefined, signal)

export const create = (account: NewAccount) => ask<{ account: Account; password?: string }>('POST', '/api/accounts', account)
export const change = (id: number, to: { display?: string; division?: string; disabled?: boolean }) => ask<Account>('PATCH', `/api/accounts/${id}`, to)
export const reset = (id: number, what: 'password' | 'second-factor' | 'sessions') => ask<{ password?: string }>('POST', `/api/accounts/${id}/reset`, { what })
export const grant = (id: number, role: string, code: string) => ask<Account>('POST', `/api/accounts/${id}/grants`, { role, code })
export const ungrant = (id: number, role: string, code: string) => ask<Account>('DELETE', `/api/accounts/${id}/grants`, undefined, { role, code })
export const label = (id: number, label: string, code: string) => ask<Account>('POST', `/api/accounts/${id}/labels`, { label, code })
export const unlabel = (id: number, label: string, code: string) => ask<Account>('DELETE', `/api/accounts/${id}/labels`, undefined, { label, code })
export const makeToken = (id: number, name: string, days: number) => ask<{ token: string }>('POST', `/api/accounts/${id}/tokens`, { name, days })
export const revokeToken = (id: number, token: number) => ask<Account>('DELETE', `/api/accounts/${id}/tokens/${token}`)
