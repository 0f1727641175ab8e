// Errors of the server (problem+json, RFC 9457, with both languages) and of the way to it.

import type { Lang } from '../domain/number'
import type { Words } from '../words/zh'

interface Details {
  zh?: string
  en?: string
  code?: string
  /** Seconds to wait before the next try. */
  wait?: number
  choices?: Choice[]
  fields?: Field[]
  body?: unknown
}

/** One of several grids that may be meant. */
export interface Choice {
  code: string
  name: string
  distance_m: number
}

/** What is wrong with one part of what was sent: text, contact.phone. */
export interface Field {
  at: string
  zh: string
  en: string
}

export class Problem extends Error {
  /** 0 when no answer came at all. */
  readonly status: number
  /** The server's word for the kind of fault, empty when it gave none. */
  readonly code: string
  /** Seconds to wait before the next try, 0 when it isn't a matter of waiting. */
  readonly wait: number
  /** Where a grid has to be chosen: which there are. */
  readonly choices: readonly Choice[]
  readonly fields: readonly Field[]
  /** The whole answer, for what only some questions' faults bring with them. */
  readonly body: unknown
  private readonly detail: Partial<Record<Lang, string>>

  constructor(status: number, details: Details = {}) {
    super(details.en ?? (status === 0 ? 'no answer' : `HTTP ${status}`))
    this.status = status
    this.code = details.code ?? ''
    this.wait = details.wait ?? 0
    this.choices = details.choices ?? []
    this.fields = details.fields ?? []
    this.body = details.body
    this.detail = details
  }

  /** Whether the server couldn't be reached, or something before it said so. */
  get unreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 504
  }

  get notFound(): boolean {
    return this.status === 404
  }

  /** Whether the session is over, which a wrong password, a 401 too, isn't. */
  get signedOut(): boolean {
    return this.code === 'signed-out'
  }

  /** What the server said of it, in one language; empty when it said nothing. */
  said(lang: Lang): string {
    return this.detail[lang] ?? ''
  }

  /** What went wrong and what to do, in the reader's language. */
  text(lang: Lang, words: Words): string {
    if (this.unreachable) return words.problem.unreachable
    return this.detail[lang] ?? words.problem.unknown(this.status)
  }
}

/** Reads the body of an answer that isn't a success, and its Retry-After header (RFC 9110: seconds or a date). */
export function problemFrom(status: number, body: unknown, retryAfter: string | null = null, now = Date.now()): Problem {
  const b = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const text = (...keys: string[]) => keys.map((k) => b[k]).find((v): v is string => typeof v === 'string' && v !== '')
  const zh = text('detail_zh', 'zh')
  const en = text('detail_en', 'en', 'detail')
  const code = text('code')
  return new Problem(status, { ...(zh ? { zh } : {}), ...(en ? { en } : {}), ...(code ? { code } : {}), choices: list<Choice>(b.choices), fields: fieldsOf(b.errors), body, wait: seconds(retryAfter, now) })
}

const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : [])

function fieldsOf(errors: unknown): Field[] {
  return list<{ location?: string; zh?: string; en?: string }>(errors).map((e) => ({ at: (e.location ?? '').replace(/^body\.?/, ''), zh: e.zh ?? '', en: e.en ?? '' }))
}

function seconds(retryAfter: string | null, now: number): number {
  if (!retryAfter) return 0
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter)
  const at = Date.parse(retryAfter)
  return Number.isNaN(at) ? 0 : Math.max(0, Math.ceil((at - now) / 1000))
}

/** Whatever was thrown, as a Problem; an aborted request stays what it is. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  return new Problem(0)
}
