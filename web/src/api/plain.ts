// Questions whose answers the generated schema doesn't know yet.
import { answer, base, done } from './client'

type Query = Record<string, string | number | undefined>

function asked(method: string, path: string, body?: unknown, query?: Query, signal?: AbortSignal) {
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries(query ?? {})) if (v !== undefined && v !== '') q.set(k, String(v))
  const init: RequestInit = { method, ...(signal ? { signal } : {}) }
  if (body !== undefined) Object.assign(init, { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })
  return fetch(base + path + (q.size ? '?' + q : ''), init).then(async (response) => {
    const parsed: unknown = await response.json().catch(() => undefined)
    return response.ok ? { data: parsed as never, response } : { error: parsed, response }
  })
}

export const ask = <T>(method: string, path: string, body?: unknown, query?: Query, signal?: AbortSignal): Promise<T> =>
  answer<T>(asked(method, path, body, query, signal), signal)
export const tell = (method: string, path: string, body?: unknown, query?: Query): Promise<void> => done(asked(method, path, body, query))
