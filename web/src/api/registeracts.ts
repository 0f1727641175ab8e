// What is done to the register by hand. Everything that is about a person goes in the body.

import { answer, client, within } from './client'
import type { Occupant, RegisterAct } from './shapes'

export type ActKind = RegisterAct['kind']

const one = (id: string) => ({ path: { id } })

/** What was done to a house and to those in it, the latest first. */
export const acts = async (house: string, signal?: AbortSignal): Promise<RegisterAct[]> => (await answer(client.GET('/api/houses/{id}/acts', { params: one(house), ...within(signal) }), signal)).acts

export interface NewOccupant {
  name: string
  card?: string
  phone?: string
  sex?: Occupant['sex']
  stay: Occupant['stay']
  registered?: string
  household?: string
  relation?: string
  /** The day of moving in, or of birth. */
  since: string
  newborn?: boolean
}

type Made = Promise<string>

/** Each gives the number of the act, to take it back by. */
export const moveIn = async (house: string, body: NewOccupant): Made => (await answer(client.POST('/api/houses/{id}/residents', { params: one(house), body }))).act

export const leave = async (resident: string, on: string, died: boolean): Made => (await answer(client.POST('/api/residents/{id}/leave', { params: one(resident), body: { on, died } }))).act

/** The first of them is the head of the new household. */
export const split = async (house: string, household: string, residents: string[]): Made =>
  (await answer(client.POST('/api/houses/{id}/households', { params: one(house), body: { household, residents } }))).act

export interface Correction {
  place: string
  number: string
  unit: string
  /** 0: not known. */
  floor: number
  room: string
  address: string
  /** Where it stands, when that isn't right either: longitude and latitude. */
  at?: number[]
}

export const correct = async (house: string, body: Correction): Made => (await answer(client.POST('/api/houses/{id}/address', { params: one(house), body }))).act

export const undo = async (act: string): Made => (await answer(client.POST('/api/register-acts/{id}/undo', { params: one(act) }))).act
