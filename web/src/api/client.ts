// The way to the server: typed by its own OpenAPI document, against the page's own address, with every answer that isn't a
// success thrown as a Problem. An answer that says the session is over is told to whoever listens, whichever question it was.

import createClient from 'openapi-fetch'
import { Problem, problemFrom } from './problem'
import type { paths } from './schema'

/** Against the page's own address, so that the program can stand behind a path of a larger site. */
export const base = typeof document === 'undefined' ? '' : new URL('.', document.baseURI).href.replace(/\/$/, '')

export const client = createClient<paths>({ baseUrl: base })

let signedOut: () => void = () => {}

/** Sets who is told that an answer said the session is over. There is one page, so there is one listener. */
export function onSignedOut(listener: () => void) {
  signedOut = listener
}

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Takes the answer out of what openapi-fetch gives, or throws what went wrong. */
export async function answer<T>(asked: Promise<Answer<T>>, signal?: AbortSignal): Promise<T> {
  const got = await settled(asked, signal)
  if (got.data === undefined) throw failed(got)
  return got.data
}

/** The same where success has no body (204). */
export async function done(asked: Promise<Answer<unknown>>): Promise<void> {
  const got = await settled(asked)
  if (!got.response.ok) throw failed(got)
}

async function settled<T>(asked: Promise<Answer<T>>, signal?: AbortSignal): Promise<Answer<T>> {
  try {
    return await asked
  } catch (thrown) {
    if (signal?.aborted) throw thrown
    throw new Problem(0)
  }
}

function failed(got: Answer<unknown>): Problem {
  const problem = problemFrom(got.response.status, got.error, got.response.headers.get('Retry-After'))
  if (problem.signedOut) signedOut()
  return problem
}

export const within = (signal: AbortSignal | undefined) => (signal ? { signal } : {})

/** The header of what the page asks by itself: it doesn't keep a session alive that nobody uses. */
export const byItself = { 'Jingwei-Background': '1' }
