// The questions about organisations and vehicles. What is masked comes in clear for a reason alone, which the audit trail keeps.

import { answer, client, within } from './client'
import type { components } from './schema'

type Schemas = components['schemas']

export type Organisation = Schemas['Organisation']
export type OrganisationList = Schemas['OrganisationList']
export type OrganisationContact = Schemas['OrganisationContact']
export type Vehicle = Schemas['Vehicle']
export type VehiclePlate = Schemas['VehiclePlate']

const one = (id: string) => ({ path: { id } })
const list = (query: { house?: string; building?: string; county?: number; text?: string }, signal?: AbortSignal): Promise<OrganisationList> =>
  answer(client.GET('/api/organisations', { params: { query }, ...within(signal) }), signal)

export const inHouse = async (house: string, signal?: AbortSignal): Promise<Organisation[]> => (await list({ house }, signal)).organisations

/** Those in the houses of a building, and those that have all of it. */
export const inBuilding = async (building: string, signal?: AbortSignal): Promise<Organisation[]> => (await list({ building }, signal)).organisations

/** By a piece of their name, or a whole credit code. */
export const search = (county: number, text: string, signal?: AbortSignal): Promise<OrganisationList> => list({ county, text }, signal)

export const contact = (id: string, reason: string): Promise<OrganisationContact> => answer(client.POST('/api/organisations/{id}/contact', { params: one(id), body: { reason } }))

/** Those that are kept at a house. */
export const vehicles = async (house: string, signal?: AbortSignal): Promise<Vehicle[]> =>
  (await answer(client.GET('/api/vehicles', { params: { query: { house } }, ...within(signal) }), signal)).vehicles

/** By a whole plate, which goes in the body: nothing of it stands in an address. */
export const findVehicle = async (county: number, plate: string, signal?: AbortSignal): Promise<Vehicle[]> =>
  (await answer(client.POST('/api/vehicles/search', { body: { county, plate }, ...within(signal) }), signal)).vehicles

export const plate = (id: string, reason: string): Promise<VehiclePlate> => answer(client.POST('/api/vehicles/{id}/plate', { params: one(id), body: { reason } }))
