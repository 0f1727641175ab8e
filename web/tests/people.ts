// Who the browser tests are: the demo's accounts, one a role, signed in once for all test files, and accounts that a test makes
// for itself. A test that ends sessions or changes a password does it to an account of its own.

import { createHmac, randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

export const address = (process.env.JINGWEI_URL ?? '').replace(/\/$/, '')
const accountsFile = process.env.JINGWEI_ACCOUNTS ?? ''

export type Role = 'planner' | 'dispatcher' | 'leader' | 'grid-worker' | 'clerk' | 'administrator' | 'security-officer' | 'auditor'

export interface Person {
  name: string
  password: string
}

interface DemoAccount extends Person {
  role: Role
  code: string
  place: string
}

export interface Answer {
  status: number
  body: any
  /** The session's cookie, where the answer sets one. */
  cookie: string
}

/** A demo account, as the demo wrote it down. */
export function demo(role: Role): DemoAccount {
  if (!accountsFile) throw new Error('JINGWEI_ACCOUNTS is not set: give the file of `jingwei demo --accounts-file FILE`')
  const all = JSON.parse(readFileSync(accountsFile, 'utf8')) as DemoAccount[]
  const found = all.find((a) => a.role === role)
  if (!found) throw new Error(`${accountsFile} has no ${role}`)
  return found
}

/** Asks the server as whoever a cookie says, nobody without one. */
export async function raw(cookie: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(address + path, {
    method,
    headers: { ...(cookie ? { Cookie: 'jingwei_session=' + cookie } : {}), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  const set = answer.headers.getSetCookie().find((c) => c.startsWith('jingwei_session='))
  return {
    status: answer.status,
    body: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
    cookie: set ? (set.split(';')[0] ?? '').slice('jingwei_session='.length) : cookie,
  }
}

/** Asks as one of the demo's accounts. */
export const send = async (role: Role, method: string, path: string, body?: unknown): Promise<Answer> => raw(await cookieOf(role), method, path, body)

/** Asks, and fails unless it is answered well. */
export async function must(role: Role, method: string, path: string, body?: unknown): Promise<any> {
  const answer = await send(role, method, path, body)
  if (answer.status >= 300) throw new Error(`${method} ${path} as ${role}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** The session of a demo account. An officer's second factor is set up on the way. */
export async function cookieOf(role: Role): Promise<string> {
  // A code of the second factor is good for once, so whoever signed in stays so for the next test file.
  const file = accountsFile + '.signed-in'
  const kept = (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}) as Partial<Record<Role, string>>
  const before = kept[role]
  if (before) return before
  const cookie = await enter(demo(role))
  writeFileSync(file, JSON.stringify({ ...kept, [role]: cookie }), { mode: 0o600 })
  return cookie
}

/** Signs in, sets up a second factor where one is demanded, and gives the session. */
export async function enter(person: Person): Promise<string> {
  let at = await raw('', 'POST', '/api/session', { name: person.name, password: person.password })
  if (at.body.stage === 'enrol') {
    const factor = await raw(at.cookie, 'POST', '/api/account/second-factor')
    at = await raw(factor.cookie, 'POST', '/api/account/second-factor/confirm', { code: codeOf(factor.body.secret) })
    at.body = at.body.session
  }
  if (at.body.stage !== 'open') throw new Error(`signing in as ${person.name}: ${at.status} ${JSON.stringify(at.body)}`)
  return at.cookie
}

/** The code of a second factor (RFC 6238: SHA-1, 30 seconds, six digits), now or some steps later. */
export function codeOf(secret: string, later = 0): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replace(/[\s=]/g, '')].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => parseInt(b, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later))
  const mac = createHmac('sha1', key).update(step).digest()
  const code = (mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff) % 1_000_000
  return String(code).padStart(6, '0')
}

/** A name that no other test has. */
export const fresh = (prefix = 't'): string => `${prefix}-${Date.now().toString(36)}${randomInt(1296).toString(36)}`

/** Makes an account with a password of its own choice, and a role in the county, if one is said. */
export async function made(role?: Role): Promise<Person & { id: number; display: string }> {
  const name = fresh()
  const county = demo('leader').code
  const display = '试用 ' + name.slice(-4)
  const { account, password } = await must('administrator', 'POST', '/api/accounts', { name, display, kind: 'person', division: county })
  const chosen = 'pebble orchard violin ' + randomInt(1e6)
  const first = await raw('', 'POST', '/api/session', { name, password })
  const changed = await raw(first.cookie, 'POST', '/api/account/password', { current: password, next: chosen })
  if (changed.status !== 200) throw new Error(`choosing a password: ${changed.status} ${JSON.stringify(changed.body)}`)
  if (role) await must('security-officer', 'POST', `/api/accounts/${account.id}/grants`, { role, code: county })
  return { id: account.id, name, display, password: chosen }
}
