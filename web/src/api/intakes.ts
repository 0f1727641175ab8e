// The questions about files of houses and people on their way into the register, and about what they would change of people on record.

import { answer, base, byItself, client, within } from './client'
import { keepFile, sent } from './files'
import type { components } from './schema'

type Schemas = components['schemas']

export type Intake = Schemas['Intake']
export type IntakeView = Schemas['IntakeView']
export type IntakeField = Schemas['IntakeField']
export type Proposal = Schemas['Proposal']
export type ProposalList = Schemas['ProposalList']
export type Unplaced = Schemas['UnplacedAddress']
export type UnplacedList = Schemas['UnplacedList']
export type UnplacedGuess = Schemas['UnplacedGuess']
export type UnplacedDecided = Schemas['UnplacedDecided']
export type Kind = Intake['kind']
export type Act = 'start' | 'pause' | 'resume' | 'cancel'

export const kinds = ['houses', 'residents', 'organisations', 'facilities', 'vehicles'] as const

/** Whether rows of a kind may have positions, so that their system of coordinates matters. */
export const placed = (kind: Kind) => kind !== 'residents' && kind !== 'vehicles'
export const systems = ['wgs84', 'cgcs2000', 'gcj02', 'bd09'] as const

/** What the server takes at most. */
export const mostBytes = 200 << 20

const one = (id: string) => ({ path: { id } })

export const intakes = async (county: number, signal?: AbortSignal): Promise<Intake[]> => (await answer(client.GET('/api/intakes', { params: { query: { county } }, ...within(signal) }), signal)).intakes

/** quiet: the page asks by itself how far it is. */
export const intake = (id: string, signal?: AbortSignal, quiet = false): Promise<IntakeView> =>
  answer(client.GET('/api/intakes/{id}', { params: one(id), ...(quiet ? { headers: byItself } : {}), ...within(signal) }), signal)

export interface Brought {
  file: File
  kind: Kind
  division: string
  crs: string
}

/** Brings a file. told: the share that has gone up. Aborting takes it back. */
export function bring(b: Brought, told: (share: number) => void, signal: AbortSignal): Promise<IntakeView> {
  const form = new FormData()
  for (const name of ['kind', 'division', 'crs'] as const) form.set(name, b[name])
  form.set('file', b.file, b.file.name) // the last: what it is has to be known before it comes
  return answer<IntakeView>(sent<IntakeView>('/api/intakes', form, told, signal), signal)
}

export const change = (id: string, body: { mapping?: Record<string, number>; crs?: string; act?: Act }): Promise<IntakeView> =>
  answer(client.PUT('/api/intakes/{id}', { params: one(id), body }))

/** Hands the rows that didn't go in to the browser to keep. */
export const keepRejects = (id: string, format: 'csv' | 'xlsx', lang: string, signal: AbortSignal): Promise<void> =>
  keepFile(`${base}/api/intakes/${encodeURIComponent(id)}/rejects.${format}`, lang, signal)

/** Looking at them is kept in the audit trail. */
export const proposals = (county: number, signal?: AbortSignal): Promise<ProposalList> => answer(client.GET('/api/proposals', { params: { query: { county } }, ...within(signal) }), signal)

export const decide = (id: string, accept: boolean, left: string) =>
  answer(client.POST('/api/proposals/{id}', { params: one(id), body: left && accept ? { accept, left } : { accept } }))

/** Addresses that wait to be placed, or those that were decided. */
export const unplaced = (county: number, past: boolean, signal?: AbortSignal): Promise<UnplacedList> =>
  answer(client.GET('/api/unplaced', { params: { query: { county, past } }, ...within(signal) }), signal)

/** Says which house an address means, that it is none here, or neither any more. */
export const decideUnplaced = (id: string, body: { act: 'place'; house: string } | { act: 'close' | 'reopen' }): Promise<UnplacedDecided> =>
  answer(client.POST('/api/unplaced/{id}', { params: one(id), body }))
