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
export type GridHistory = Schemas['GridHistory']
export type Passing = Schemas['Passing']
export type GridAt = Schemas['GridAt']
export type NearGrid = Schemas['NearGrid']
export type Incident = Schemas['Incident']
export type IncidentDetail = Schemas['IncidentDetail']
export type IncidentKind = Schemas['IncidentKind']
export type IncidentKinds = Schemas['IncidentKinds']
export type IncidentPage = Schemas['IncidentPage']
export type Report = Schemas['ReportInputBody']
export type Unmasked = Schemas['Unmasked']

export type Responder = Schemas['Responder']
export type HeldPost = Schemas['HeldPost']
export type CalledResponder = Schemas['CalledResponder']
export type PostPage = Schemas['PostPage']
export type GridPosts = Schemas['GridPosts']
export type GridPost = Schemas['GridPost']
export type PostHolder = Schemas['PostHolder']
export type Surroundings = Schemas['Surroundings']

export type Session = Schemas['Session']
export type Stage = Session['stage']
export type Grant = Schemas['GrantedRole']
export type LabelGrant = Schemas['GrantedLabel']
export type MyAccount = Schemas['OwnAccount']
export type OwnSession = Schemas['OwnSession']
export type FactorSetup = Schemas['NewFactor']
export type Account = Schemas['Account']
export type ApiToken = Schemas['Token']

export type TrailEntry = Schemas['TrailEntry']
