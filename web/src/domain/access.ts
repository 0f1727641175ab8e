// Roles, labels and capabilities, by the server's names, and what follows from them for the page: what is offered, and why
// something isn't. The server decides; this only saves people a refusal.

import { levelOf } from './code'

export const roles = ['planner', 'dispatcher', 'leader', 'grid-worker', 'clerk', 'administrator', 'security-officer', 'auditor'] as const
export type Role = (typeof roles)[number]

/** 三员分立: no account holds two of them, and each needs a second factor. */
export const officers: readonly string[] = ['administrator', 'security-officer', 'auditor']

export const labels = ['released', 'correction', 'mental', 'drugs', 'youth', 'petition'] as const
export type Label = (typeof labels)[number]

export type Can = Record<string, string[]>

/** Whether a capability is held on any ground at all. */
export function may(can: Can, capability: string): boolean {
  return (can[capability] ?? []).length > 0
}

/** Whether a capability reaches the whole of a division or grid. */
export function reaches(can: Can, capability: string, code: string): boolean {
  return (can[capability] ?? []).some((c) => code.startsWith(c))
}

/** Whether a role is given on ground of this code: a grid worker's is a grid, everybody else's a division. */
export function fits(role: string, code: string): boolean {
  const level = levelOf(code)
  return level !== undefined && (role === 'grid-worker') === (level === 'grid')
}

/** The other officer's role that an account holds already, which rules this one out; undefined when nothing does. */
export function clash(role: string, held: readonly { role: string }[]): string | undefined {
  if (!officers.includes(role)) return undefined
  return held.find((g) => g.role !== role && officers.includes(g.role))?.role
}

export const pages = ['map', 'plan', 'register', 'watch', 'responders', 'imports', 'account', 'accounts', 'trail'] as const
export type Page = (typeof pages)[number]

/** The pages that somebody has use for, in the order of the menu. */
export function pagesOf(can: Can): Page[] {
  const plans = may(can, 'grid.plan') || may(can, 'grid.approve')
  const looksAfter = may(can, 'account.manage') || may(can, 'account.grant') || may(can, 'audit.read')
  const has: Record<Page, boolean> = { map: may(can, 'map.read'), plan: plans, register: may(can, 'register.read'), watch: may(can, 'register.read') || may(can, 'care.define'), responders: may(can, 'responder.read'), imports: may(can, 'register.import'), account: true, accounts: looksAfter, trail: may(can, 'audit.read') }
  return pages.filter((p) => has[p])
}

/** The page of a path below the page's own address; what isn't one is the map. */
export function pageOf(path: string): Page {
  const name = path.replace(/^\/+|\/+$/g, '')
  return pages.find((p) => p !== 'map' && p === name) ?? 'map'
}

/** A page's path below the page's own address, without a slash in front. */
export function pathOf(page: Page): string {
  return page === 'map' ? '' : page
}

interface Held {
  id: number
  division: string
  grants: readonly { role: string }[]
}

/** Why somebody can't make changes to an account as its administrator, by the name of the reason's words; empty when they can. */
export function manageRefusal(me: { id: number; can: Can }, account: Held): '' | 'notAdministrator' | 'ownAccount' | 'officer' | 'outside' {
  if (!may(me.can, 'account.manage')) return 'notAdministrator'
  if (account.id === me.id) return 'ownAccount'
  if (account.grants.some((g) => officers.includes(g.role))) return 'officer'
  return reaches(me.can, 'account.manage', account.division) ? '' : 'outside'
}

/** Why somebody can't give or take an account's roles and labels at all; on which ground they can is another question. */
export function grantRefusal(me: { id: number; can: Can }, account: Held): '' | 'notOfficer' | 'ownGrants' {
  if (!may(me.can, 'account.grant')) return 'notOfficer'
  return account.id === me.id ? 'ownGrants' : ''
}
