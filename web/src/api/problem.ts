// Errors of the server (problem+json, RFC 9457, with both languages) and of the way to it.

import type { Lang } from '../domain/number'
import type { Words } from '../words/zh'

export class Problem extends Error {
  /** 0 when no answer came at all. */
  readonly status: number
  private readonly detail: Partial<Record<Lang, string>>

  constructor(status: number, detail: Partial<Record<Lang, string>> = {}) {
    super(detail.en ?? (status === 0 ? 'no answer' : `HTTP ${status}`))
    this.status = status
    this.detail = detail
  }

  /** Whether the server couldn't be reached, or something before it said so. */
  get unreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 504
  }

  get notFound(): boolean {
    return this.status === 404
  }

  /** What went wrong and what to do, in the reader's language. */
  text(lang: Lang, words: Words): string {
    if (this.unreachable) return words.problem.unreachable
    return this.detail[lang] ?? words.problem.unknown(this.status)
  }
}

/** Reads the body of an answer that isn't a success. */
export function problemFrom(status: number, body: unknown): Problem {
  const b = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const text = (...keys: string[]) => keys.map((k) => b[k]).find((v): v is string => typeof v === 'string' && v !== '')
  const zh = text('detail_zh', 'zh')
  const en = text('detail_en', 'en', 'detail')
  return new Problem(status, { ...(zh ? { zh } : {}), ...(en ? { en } : {}) })
}

/** Whatever was thrown, as a Problem; an aborted request stays what it is. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  return new Problem(0)
}
