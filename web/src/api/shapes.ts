// The shapes of the server's answers by their short names. They are generated from the server's own
// /openapi.json (`npm run api`), so a change there that this page can't take fails to compile.

import type { components } from './schema'

type Schemas = components['schemas']

export type Meta = Schemas['Meta']
export type Division = Schemas['Division']
export type DivisionDetail = Schemas['DivisionDetail']
export type DivisionName = Schemas['DivisionName']
export type Figures = Schemas['Figures']
export type Grid = Schemas['Grid']
export type GridSummary = Schemas['GridSummary']
export type Neighbour = Schemas['Neighbour']
export type Side = Schemas['Side']
export type Found = Schemas['Found']
export type GridAt = Schemas['GridAt']
export type NearGrid = Schemas['NearGrid']
export type Incident = Schemas['Incident']
export type IncidentDetail = Schemas['IncidentDetail']
export type IncidentKind = Schemas['IncidentKind']
export type IncidentKinds = Schemas['IncidentKinds']
export type IncidentPage = Schemas['IncidentPage']
export type Report = Schemas['ReportInputBody']
export type Unmasked = Schemas['Unmasked']

export type Stage = 'out' | 'second-factor' | 'enrol' | 'password' | 'open'
export interface Grant {
  role: string
  code: string
  place: string
}
export interface LabelGrant {
  label: string
  code: string
  place: string
}
export interface Me {
  id: number
  name: string
  display: string
  division: string
  division_name: string
  second_factor: boolean
}
export interface Session {
  stage: Stage
  demo: boolean
  account?: Me
  grants: Grant[]
  labels: LabelGrant[]
  can: Record<string, string[]>
  ends_at?: string
}
export interface OwnSession {
  created_at: string
  seen_at: string
  address: string
  agent: string
  current: boolean
}
export interface MyAccount {
  account: Me
  grants: Grant[]
  labels: LabelGrant[]
  recovery_codes_left: number
  sessions: OwnSession[]
}
export interface FactorSetup {
  secret: string
  uri: string
  qr: string
}
export interface ApiToken {
  id: number
  name: string
  created_at: string
  expires_at: string
  used_at?: string | null
  revoked: boolean
}
export interface Account {
  id: number
  name: string
  display: string
  kind: 'person' | 'machine'
  division: string
  division_name: string
  disabled: boolean
  second_factor: boolean
  must_change: boolean
  signed_in_at?: string | null
  created_at: string
  grants: Grant[]
  labels: LabelGrant[]
  tokens: ApiToken[]
}
export interface TrailEntry {
  id: number
  at: string
  county: string
  account?: number | null
  actor: string
  action: string
  subject: string
  reason: string
  details: unknown
  address: string
  place: string
  place_name: string
  chained: boolean
}
