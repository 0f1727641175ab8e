// The questions at the door and of one's own account.

import { ask, tell } from './plain'
import type { FactorSetup, MyAccount, Session } from './shapes'

export const session = (signal?: AbortSignal) => ask<Session>('GET', '/api/session', undefined, undefined, signal)
export const signIn = (name: string, password: string) => ask<Session>('POST', '/api/session', { name, password })
export const secondFactor = (code: string) => ask<Session>('POST', '/api/session/second-factor', { code })
export const signOut = () => tell('DELETE', '/api/session')

export const mine = (signal?: AbortSignal) => ask<MyAccount>('GET', '/api/account', undefined, undefined, signal)
export const changePassword = (current: string, next: string) => ask<Session>('POST', '/api/account/password', { current, next })
export const beginFactor = () => ask<FactorSetup>('POST', '/api/account/second-factor', {})
export const confirmFactor = (code: string) =>
  ask<{ recovery_codes: string[]; session: Session }>('POST', '/api/account/second-factor/confirm', { code })
export const removeFactor = (password: string) => tell('DELETE', '/api/account/second-factor', { password })
export const recoveryCodes = async (code: string) => (await ask<{ recovery_codes: string[] }>('POST', '/api/account/recovery-codes', { code })).recovery_codes
export const signOutEverywhere = () => tell('DELETE', '/api/account/sessions')
