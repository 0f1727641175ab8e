// The questions of the planner's workspace, and their shapes.

import { answer, base, byItself } from './client'
import type { Surroundings } from './shapes'

/** Something the server says in both languages. */
export interface Said {
  zh: string
  en: string
}

export interface Person {
  name: string
  display: string
}

export const draftStates = ['open', 'handed-in', 'approved', 'scheduled', 'published', 'withdrawn'] as const
export type DraftState = (typeof draftStates)[number]

export interface DraftHead {
  /** 370883-17 */
  id: string
  division: { code: string; name: string }
  name: string
  note: string
  state: DraftState
  /** The version it began from. */
  base: number
  /** The version that is live now. */
  live: number
  revision: number
  by: Person
  made_at: string
  changed_at: string
  changed_by: Person
  members: Person[]
  handed_in_by?: Person
  approved_by?: Person
  published?: number
  publish_on?: string
  /** Why it wasn't published on its day. */
  refused?: string
  /** The county's rule: where more residents change grid somebody else approves. */
  approve_over?: number
  may: { edit: boolean; hand_in: boolean; approve: boolean; publish: boolean; why?: Said }
}

export interface Settings {
  target: number
  tolerance: number
  lower: number
  upper: number
  unit: string
}

export interface DraftCommunity {
  code: string
  name: string
  blocks: number
  residents: number
  bounds: [number, number, number, number]
}

export interface DraftGrid {
  /** A live grid's 15 digits, or new-N. */
  key: string
  community: string
  name: string
  special: string
  locked: boolean
  residents: number
  weight: number
  blocks: number
  houses: number
  area_m2: number
  compactness: number
  deviation: number
  band: string
  /** 1: connected. */
  parts: number
  label: [number, number]
  bounds: [number, number, number, number]
  incidents?: number
  worker?: string
  /** In the live layout. */
  base?: { residents: number; blocks: number }
}

export interface DraftProblem {
  id: string
  kind: string
  grid?: string
  community: string
  text: Said
  bounds: [number, number, number, number]
  blocks?: number[]
  weight: number
  fixable: boolean
  /** The draft can't be published with it. */
  forbids: boolean
  /** Grids out of band in a community that can't be in band, the farthest first. */
  astray?: Astray[]
}

export interface Astray {
  grid: string
  holds: number
  side: 'over' | 'under'
  off: number
  bounds: [number, number, number, number]
}

/** What a grid borders on as the draft has it; live: its ground is that of the live grid. */
/** How many people of a grid are looked after: about, and none said under five. */
export interface Cared {
  grid: string
  /** Everybody once; 0: fewer than five. */
  total: number
  kinds: Record<string, number>
}

export type DraftSurroundings = Surroundings & { live: boolean }

export interface Step {
  seq: number
  text: Said
  by: Person
}

export interface Draft {
  head: DraftHead
  settings: Settings
  communities: DraftCommunity[]
  grids: DraftGrid[]
  problems: DraftProblem[]
  undo: Step | null
  redo: Step | null
  /** Residents who are in another grid than in the live layout. */
  moved: number
  /** Who may approve it. */
  approvers: Person[]
}

export interface GroundBlock {
  key: number
  grid: string
  /** The grid that it is in in the live layout. */
  base: string
  residents: number
  weight: number
  houses: number
  at: [number, number]
  locked?: boolean
  people: 'known' | 'estimate' | 'none'
  compound?: string
}

/** A line between two blocks; l is on its left, 0 is outside. p: first lattice point, then steps. */
export interface GroundArc {
  l: number
  r: number
  b: number
  n?: string
  p: number[]
}

export interface GroundCommunity {
  code: string
  blocks: GroundBlock[]
  arcs: GroundArc[]
}

export interface Ground {
  revision: number
  communities: GroundCommunity[]
}

export type Line = [number, number][]

/** A block and the grid that it is in, or goes to. */
export interface Placed {
  key: number
  grid: string
}

/** Names a home: an entrance, or a building without any, on a block. */
export interface Home {
  block: number
  building: number
  entrance?: string
}

export type ActBody =
  | { kind: 'assign'; blocks: number[]; grid: string }
  | { kind: 'place'; assignment: Placed[]; titles?: { grid: string; special: string }[] }
  | { kind: 'merge'; grids: string[] }
  | { kind: 'split'; grid: string; into: number; assignment?: Placed[] }
  | { kind: 'split-line'; grid: string; line: Line; cut_buildings?: boolean }
  | { kind: 'cut'; line: Line; blocks?: number[]; cut_buildings?: boolean }
  | { kind: 'move-border'; from: string; to: string; line: Line; cut_buildings?: boolean }
  | { kind: 'redraw'; grids?: string[]; community?: string; into?: number; few_moves: boolean; seed?: number; compounds?: 'all' | 'kept'; assignment?: Placed[] }
  | { kind: 'solve'; community?: string; assignment?: Placed[] }
  | { kind: 'rename'; grid: string; name: string }
  | { kind: 'special'; grid: string; special: string }
  | { kind: 'lock' | 'unlock'; grids?: string[]; blocks?: number[] }
  | { kind: 'micro-plan'; grid: string }
  | { kind: 'micro-move'; grid: string; homes: Home[]; micro?: number; new?: boolean }
  | { kind: 'micro-merge'; grid: string; micros: number[] }
  | { kind: 'micro-name'; grid: string; micro: number; name: string }
  | { kind: 'undo' }
  | { kind: 'redo' }
  | { kind: 'back'; seq: number }

/** request is the sender's name for the act: sent again it is not done again. */
export type Act = ActBody & { revision: number; preview?: boolean; request?: string }

/** The revision at which it was shown what comes of an act: where its grids have changed since the server refuses it. */
export type Shown<A extends ActBody = ActBody> = A & { shown?: number }

export interface Patch {
  blocks: Placed[]
  /** Of a block or of a grid. */
  locked: { key?: number; grid?: string; locked: boolean }[]
  reground: string[]
}

export interface JournalAct {
  seq: number
  at: string
  by: Person
  kind: string
  text: Said
  undone: boolean
}

export interface Acted {
  revision: number
  seq: number
  saved: boolean
  text: Said
  patch: Patch
  /** All that changed; those that are gone have no blocks. */
  grids: DraftGrid[]
  /** All there are now. */
  problems: DraftProblem[]
  undo: Step | null
  redo: Step | null
  missed: JournalAct[]
  /** What others did since the revision that was said. */
  patches: Patch[]
  /** Residents who change grid against the base. */
  moved: number
}

/** What a 409 brings with it. */
export interface Stale {
  revision: number
  missed: JournalAct[]
  patches: Patch[]
}

export interface Other {
  name: string
  display: string
  center: [number, number]
  zoom: number
  doing: string
  seen: string
}

export interface Presence {
  revision: number
  state: DraftState
  live: number
  others: Other[]
}

export interface Remedy {
  text: Said
  act: ActBody
  outcome: Said
  grids: DraftGrid[]
  /** Residents who get another grid. */
  moved: number
  /** The problem is gone then, and none as grave has come. */
  solves: boolean
  /** A lesser one has come. */
  leaves: boolean
}

export interface Remedies {
  remedies: Remedy[]
  /** Where nothing solves it: the proof that nothing can. */
  why?: Said
}

export interface Alternative {
  seed: number
  act: ActBody
  grids: DraftGrid[]
  /** Of all ordinary grids on the ground that is redrawn. */
  in_band: number
  ordinary: number
  moved: number
  compactness: number
  on_streets: number
  assignment: Placed[]
}

export interface ChangedGrid {
  before?: string
  after?: string
  /** The code that it will bear, where that is known. */
  code?: string
  kind: string
  residents_before: number
  residents_after: number
  moved_residents: number
  houses_before: number
  houses_after: number
  incidents: number
  worker?: string
}

export interface LineageRow {
  from: string
  to: string
  kind: string
  blocks: number
  houses: number
  residents: number
}

export interface ConflictRow {
  block: number
  mine: string
  theirs: string
  at: [number, number]
  residents: number
}

export interface Changes {
  /** The version. */
  with: number
  live: boolean
  grids: ChangedGrid[]
  moved_residents: number
  moved_houses: number
  lineage: LineageRow[]
  conflicts: ConflictRow[]
  micro: MicroChange[]
}

/** What becomes of a grid's micro-grids. */
export interface MicroChange {
  grid: string
  before: number
  after: number
  households: number
  named: number
  /** Households that are in none afterwards. */
  without: number
}

export interface Published {
  version?: number
  /** The day on which it takes effect, where that isn't now. */
  publish_on?: string
}

/** How far solving is, in problems. */
export interface Progress {
  done: number
  of: number
  solved: number
}

interface Asked {
  body?: unknown
  signal?: AbortSignal | undefined
  quiet?: boolean
}

/** One question, answered or thrown as a Problem like those of the generated client. */
export function ask<T>(method: string, path: string, { body, signal, quiet = false }: Asked = {}): Promise<T> {
  return answer<T>(asked<T>(method, path, { body, signal, quiet }), signal)
}

async function asked<T>(method: string, path: string, { body, signal, quiet }: Asked): Promise<{ data?: T; error?: unknown; response: Response }> {
  const response = await fetch(base + '/api' + path, {
    method,
    headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...(quiet ? byItself : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  })
  const read: unknown = await response.json().catch(() => undefined)
  return response.ok ? { data: read as T, response } : { error: read, response }
}

const at = (id: string, more = '') => `/drafts/${encodeURIComponent(id)}${more}`

export const drafts = async (wanted: { division?: string; state?: DraftState } = {}, signal?: AbortSignal): Promise<DraftHead[]> => {
  const query = new URLSearchParams(Object.entries(wanted).filter(([, v]) => v))
  return (await ask<{ drafts: DraftHead[] }>('GET', '/drafts' + (query.size ? '?' + query : ''), { signal })).drafts
}

export interface Beginning {
  division: string
  name: string
  begin: 'live' | 'nothing' | 'draft' | 'version'
  draft?: string
  version?: number
}

export const begin = (b: Beginning): Promise<DraftHead> => ask('POST', '/drafts', { body: b })
export const draft = (id: string, signal?: AbortSignal, quiet = false): Promise<Draft> => ask('GET', at(id), { signal, quiet })
export const change = (id: string, body: { name?: string; note?: string }): Promise<DraftHead> => ask('PATCH', at(id), { body })
export const setState = (id: string, to: DraftState, note?: string): Promise<DraftHead> => ask('POST', at(id, '/state'), { body: { to, ...(note ? { note } : {}) } })
export const setMembers = (id: string, accounts: string[]): Promise<DraftHead> => ask('PUT', at(id, '/members'), { body: { accounts } })
export const present = (id: string, body: { center: [number, number]; zoom: number; doing: string }): Promise<Presence> => ask('PUT', at(id, '/presence'), { body, quiet: true })
export const ground = (id: string, community?: string, signal?: AbortSignal, quiet = false): Promise<Ground> =>
  ask('GET', at(id, '/ground' + (community ? '?community=' + community : '')), { signal, quiet })
export const surroundings = (id: string, grid: string, signal?: AbortSignal): Promise<DraftSurroundings> =>
  ask('GET', at(id, '/surroundings?grid=' + encodeURIComponent(grid)), { signal, quiet: true })
export const care = async (id: string, signal?: AbortSignal): Promise<Cared[]> => (await ask<{ grids: Cared[] }>('GET', at(id, '/care'), { signal, quiet: true })).grids
export const act = (id: string, body: Act, signal?: AbortSignal, quiet = false): Promise<Acted> => ask('POST', at(id, '/acts'), { body, signal, quiet })

/** Works out what solving all problems would come to, and says how far it is. Breaking it off ends the work at the server. */
export const solution = (id: string, body: { revision: number; community?: string }, heard: (p: Progress) => void, signal: AbortSignal): Promise<Acted> =>
  answer<Acted>(lines(id, body, heard, signal), signal)

async function lines(id: string, body: object, heard: (p: Progress) => void, signal: AbortSignal): Promise<{ data?: Acted; error?: unknown; response: Response }> {
  const response = await fetch(base + '/api' + at(id, '/solution'), { method: 'POST', headers: { Accept: 'application/x-ndjson, application/json', 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal })
  if (!response.ok || !response.body) return { error: await response.json().catch(() => undefined), response }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    text += piece.value
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const line = JSON.parse(text.slice(0, end)) as { progress?: Progress; acted?: Acted; problem?: { status: number } }
      text = text.slice(end + 1)
      if (line.progress) heard(line.progress)
      if (line.acted) return { data: line.acted, response }
      if (line.problem) return { error: line.problem, response: new Response(null, { status: line.problem.status, headers: response.headers }) }
    }
  }
  throw new TypeError('the answer broke off') // as when the connection can't be made
}

export const journal = async (id: string, before: number | undefined, limit: number, signal?: AbortSignal): Promise<JournalAct[]> =>
  (await ask<{ acts: JournalAct[] }>('GET', at(id, `/journal?limit=${limit}${before ? '&before=' + before : ''}`), { signal })).acts

export const remedies = (id: string, problem: string, signal?: AbortSignal): Promise<Remedies> => ask('POST', at(id, '/remedies'), { body: { problem }, signal })

export interface Redrawing {
  grids?: string[]
  community?: string
  into?: number
  few_moves: boolean
  seed?: number
}

export const alternatives = async (id: string, revision: number, wanted: Redrawing, signal?: AbortSignal): Promise<Alternative[]> =>
  (await ask<{ alternatives: Alternative[] }>('POST', at(id, '/alternatives'), { body: { kind: 'redraw', revision, ...wanted }, signal })).alternatives

export const changes = (id: string, against: string, signal?: AbortSignal): Promise<Changes> => ask('GET', at(id, '/changes?with=' + encodeURIComponent(against)), { signal })
export const publish = (id: string, body: { note: string; on?: string }): Promise<Published> => ask('POST', at(id, '/publish'), { body })
export const rebase = (id: string, take?: Record<string, 'mine' | 'theirs'>): Promise<Acted> => ask('POST', at(id, '/rebase'), { body: take ? { take } : {} })
