// Existing grid maps in, layouts out: a file goes up with its progress, and comes down with the server's own words when it can't.

import { answer, base } from './client'
import type { Said } from './drafts'

export type Box = [number, number, number, number]

/** One thing that is wrong with a file, and what became of it by itself. */
export interface Flaw {
  kind: string
  /** Of a sliver: overlap or gap. */
  of?: string
  polygons: number[] | null
  codes: string[] | null
  communities: string[] | null
  area_m2: number
  residents: number
  pieces: number
  bounds: Box
  blocks: number[] | null
  /** What a person has to decide about it, by place among the decisions. */
  decisions: number[] | null
  what: Said
  done: Said
}

/** Candidates that are no polygon of the file: a grid of its own; and: all that bear the code are one grid. */
export const ownGrid = -1
export const together = -2
/** In no grid: somebody gives the ground to one before the draft is published. */
export const leftOut = -3

export interface Candidate {
  polygon: number
  code: string
  name: string
  residents: number
  area_m2: number
  share: number
  border_m: number
}

/** What a person has to decide. The first candidate holds as long as nobody has. */
export interface Decision {
  ask: 'blocks' | 'part' | 'code'
  community: string
  blocks: number[] | null
  code?: string
  residents: number
  area_m2: number
  bounds: Box
  candidates: Candidate[]
  what: Said
}

/** A grid that the file comes to. */
export interface NetGrid {
  polygon: number
  /** The one that it should bear, empty for a new one. */
  code: string
  name: string
  special?: string
  community: string
  blocks: number
  residents: number
  area_m2: number
}

export interface Net {
  net: string
  fields: { code: string; name: string; special: string }
  refused: number
  refusals: { feature: string; zh: string; en: string }[]
  polygons: number
  flaws: Flaw[]
  decisions: Decision[]
  grids: NetGrid[]
  assigned: { block: number; grid: number }[]
  /** Blocks that somebody decided to leave in no grid. */
  left_out: number[] | null
  left_alone: string[]
}

export interface Answers {
  blocks: Record<string, number>
  codes: Record<string, number>
}

export interface NetAsked {
  file: File
  division: string
  /** Of a file that doesn't say its own; empty: degrees of WGS 84. */
  crs: string
  code_field: string
  name_field: string
  answers: Answers
}

/** What of a polygon of the leading net lies in one of another. */
export interface Pair {
  net: string
  /** −1: it has none there. */
  polygon: number
  code: string
  name: string
  other: number
  other_code: string
  other_name: string
  /** The leading net's polygon that the other one's stands for. */
  says: number
  agree: boolean
  blocks?: number[]
  pieces: number
  residents: number
  area_m2: number
  bounds: Box
  taken: 'lead' | 'other' | 'neither'
}

export type How = 'lead' | 'majority'

/** Several nets made one. */
export interface MergedNets extends Net {
  nets: { name: string; polygons: number; flaws: number; decisions: number; refused: number }[]
  lead: number
  how: How
  pairs: Pair[]
}

export interface MergeAsked {
  files: readonly File[]
  division: string
  crs: string
  lead: number
  how: How
  answers: Answers
}

function mergeForm(asked: MergeAsked, format = ''): FormData {
  const form = new FormData()
  for (const name of ['division', 'crs', 'how'] as const) if (asked[name]) form.set(name, asked[name])
  form.set('lead', String(asked.lead))
  form.set('answers', JSON.stringify(asked.answers))
  if (format) form.set('format', format)
  for (const file of asked.files) form.append('file', file, file.name)
  return form
}

/** Makes one net of several. */
export function mergeNets(asked: MergeAsked, told: (share: number) => void, signal: AbortSignal): Promise<MergedNets> {
  return answer<MergedNets>(sent<MergedNets>('/api/nets/merged', mergeForm(asked), told, signal), signal)
}

/** Hands the crosswalk of several nets to the browser to keep. */
export function keepCrosswalk(asked: MergeAsked, format: 'csv' | 'xlsx', lang: string, signal: AbortSignal): Promise<void> {
  return keepAnswer(fetch(base + '/api/nets/merged', { method: 'POST', headers: { 'Accept-Language': lang }, body: mergeForm(asked, format), signal }), signal)
}

/** Lays a file over a division. told: the share that has gone up. Aborting takes it back: nothing of it is kept anywhere. */
export function layNet(asked: NetAsked, told: (share: number) => void, signal: AbortSignal): Promise<Net> {
  const form = new FormData()
  for (const name of ['division', 'crs', 'code_field', 'name_field'] as const) if (asked[name]) form.set(name, asked[name])
  form.set('answers', JSON.stringify(asked.answers))
  form.set('file', asked.file, asked.file.name)
  return answer<Net>(sent<Net>('/api/nets', form, told, signal), signal)
}

// fetch doesn't say how much has gone up.
export function sent<T>(path: string, form: FormData, told: (share: number) => void, signal: AbortSignal): Promise<{ data?: T; error?: unknown; response: Response }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    request.open('POST', base + path)
    request.setRequestHeader('Accept', 'application/json')
    request.upload.onprogress = (e) => e.lengthComputable && told(e.loaded / e.total)
    request.upload.onload = () => told(1)
    request.onload = () => {
      const response = new Response(null, { status: request.status === 204 || request.status < 200 ? 500 : request.status, headers: { 'Retry-After': request.getResponseHeader('Retry-After') ?? '' } })
      const body = parsed(request.responseText)
      resolve(request.status >= 200 && request.status < 300 && body !== undefined ? { data: body as T, response } : { error: body, response })
    }
    request.onerror = () => reject(new TypeError('no answer'))
    request.onabort = () => reject(new DOMException('taken back', 'AbortError'))
    request.onloadend = () => signal.removeEventListener('abort', stop)
    signal.addEventListener('abort', stop)
    if (signal.aborted) return reject(new DOMException('taken back', 'AbortError'))
    request.send(form)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Where a file of a version of a layout lies. */
export function exportAddress(file: string, query: Record<string, string>): string {
  const said = new URLSearchParams(Object.entries(query).filter(([, v]) => v !== ''))
  return `${base}/api/export/${file}?${said}`
}

/** Where a file of a draft lies. */
export function draftFileAddress(draft: string, file: string, query: Record<string, string>): string {
  const said = new URLSearchParams(Object.entries(query).filter(([, v]) => v !== ''))
  return `${base}/api/drafts/${encodeURIComponent(draft)}/export/${file}${said.size ? '?' + said : ''}`
}

/** Fetches a file and hands it to the browser to keep. A file that can't be made is a Problem, and no half of a file is kept. */
export async function keepFile(address: string, lang: string, signal: AbortSignal): Promise<void> {
  return keepAnswer(fetch(address, { headers: { 'Accept-Language': lang }, signal }), signal)
}

async function keepAnswer(asked: Promise<Response>, signal: AbortSignal): Promise<void> {
  const fetched = asked.then(async (response) =>
    response.ok ? { data: { blob: await response.blob(), name: nameIn(response) }, response } : { error: await response.json().catch(() => undefined), response },
  )
  const { blob, name } = await answer<{ blob: Blob; name: string }>(fetched, signal)
  const url = URL.createObjectURL(blob)
  const a = document.createElement('a')
  a.href = url
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

function nameIn(response: Response): string {
  const said = response.headers.get('Content-Disposition') ?? ''
  return /filename="?([^";]+)"?/.exec(said)?.[1] ?? 'jingwei'
}
