// The questions about houses and who lives in them. Each look is kept in the audit trail, so none of them is asked again by the page itself.

import { answer, client, within } from './client'
import type { AddressPlace, HousePeople, HousesFound, ResidentFound, ResidentNumbers, Stack } from './shapes'

const one = (id: string) => ({ path: { id } })

/** Houses, and buildings with several of them, by a piece of their address. */
export const findHouses = (county: number, fragment: string, signal?: AbortSignal): Promise<HousesFound> =>
  answer(client.GET('/api/houses', { params: { query: { county, fragment } }, ...within(signal) }), signal)

/** Places whose address begins like what is typed, which may be pinyin, its first letters, or have a character wrong; those in view come first among equals. */
export const suggestAddresses = async (county: number, text: string, view: string, signal?: AbortSignal): Promise<AddressPlace[]> =>
  (await answer(client.GET('/api/addresses', { params: { query: { county, text, view } }, ...within(signal) }), signal)).places

export const house = (id: string, signal?: AbortSignal): Promise<HousePeople> => answer(client.GET('/api/houses/{id}', { params: one(id), ...within(signal) }), signal)

export const stack = (building: string, signal?: AbortSignal): Promise<Stack> => answer(client.GET('/api/buildings/{id}/houses', { params: one(building), ...within(signal) }), signal)

export interface Sought {
  county: number
  card?: string
  phone?: string
  name?: string
  community?: string
  born?: string
}

/** What is known of somebody goes in the body: nothing of it stands in an address. */
export const findResidents = async (body: Sought, signal?: AbortSignal): Promise<ResidentFound[]> =>
  (await answer(client.POST('/api/residents/search', { body, ...within(signal) }), signal)).residents

/** Somebody, with the houses they live and lived in. */
export const resident = async (id: string, signal?: AbortSignal): Promise<ResidentFound[]> =>
  (await answer(client.GET('/api/residents/{id}', { params: one(id), ...within(signal) }), signal)).homes

/** In clear, for a reason that is kept in the audit trail. */
export const numbers = (id: string, reason: string): Promise<ResidentNumbers> => answer(client.POST('/api/residents/{id}/numbers', { params: one(id), body: { reason } }))
