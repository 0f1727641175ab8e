// The questions at the door and of one's own account.

import { answer, byItself, client, done, within } from './client'
import type { FactorSetup, MyAccount, Session } from './shapes'

/** Who is signed in, if anybody. The page asks it by itself, so it keeps no session alive. */
export const session = (): Promise<Session> => answer(client.GET('/api/session', { headers: byItself }))

export const signIn = (name: string, password: string): Promise<Session> => answer(client.POST('/api/session', { body: { name, password } }))

/** code: of the second factor, or a recovery code. */
export const secondFactor = (code: string): Promise<Session> => answer(client.POST('/api/session/second-factor', { body: { code } }))

export const signOut = (): Promise<void> => done(client.DELETE('/api/session'))

export const mine = (signal?: AbortSignal): Promise<MyAccount> => answer(client.GET('/api/account', within(signal)), signal)

export const changePassword = (current: string, next: string): Promise<Session> => answer(client.POST('/api/account/password', { body: { current, next } }))

export const beginFactor = (): Promise<FactorSetup> => answer(client.POST('/api/account/second-factor'))

/** Sets the second factor up: the recovery codes are in the answer, this once. */
export async function confirmFactor(code: string): Promise<{ codes: string[]; session: Session }> {
  const got = await answer(client.POST('/api/account/second-factor/confirm', { body: { code } }))
  return { codes: got.recovery_codes, session: got.session ?? (await session()) }
}

export const removeFactor = (password: string): Promise<void> => done(client.DELETE('/api/account/second-factor', { body: { password } }))

export const recoveryCodes = async (code: string): Promise<string[]> =>
  (await answer(client.POST('/api/account/recovery-codes', { body: { code } }))).recovery_codes

export const signOutEverywhere = (): Promise<void> => done(client.DELETE('/api/account/sessions'))
