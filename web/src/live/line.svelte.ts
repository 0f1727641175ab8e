// The line to the server's events: opened once for the page, opened again by itself for as long as somebody wants it. What comes over it
// is told to listeners in order; what state it is in is told to the reader.

import { Problem, problemFrom } from '../api/problem'
import { base } from '../api/client'
import { server } from '../shell/server.svelte'
import { session } from '../shell/session.svelte'
import { closed, cut, noted, opening, silent, take } from './feed'
import type { Feed, News } from './feed'
import { Frames } from './frames'

const firstWait = 400
const longestWait = 10_000
/** The server says something every 15 seconds; after so long without a word the line is dead, whatever the network thinks. */
const patience = 40_000
/** How long it is said that what was missed is there now. */
const saidFor = 12_000

type Listener = (news: News) => void

class Line {
  feed: Feed = $state.raw(silent)
  /** When it was cut, in milliseconds since 1970. */
  since = $state(0)
  private wanted = false
  private stop = new AbortController()
  private tries = 0
  private timer = 0
  private silence = 0
  private said = 0
  private readonly listeners = new Set<Listener>()

  constructor() {
    if (typeof addEventListener === 'undefined') return
    addEventListener('offline', () => this.wanted && this.lost())
    addEventListener('online', () => this.hurry())
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.hurry())
  }

  listen(to: Listener): () => void {
    this.listeners.add(to)
    return () => this.listeners.delete(to)
  }

  /** Wants the line from now on. */
  open() {
    if (this.wanted) return
    this.wanted = true
    this.tries = 0
    void this.dial()
  }

  /** Lets it go. afresh: whoever comes next is somebody else. */
  close(afresh = false) {
    this.wanted = false
    this.hangUp()
    clearTimeout(this.timer)
    this.feed = afresh ? silent : closed(this.feed)
  }

  /** Tries at once what waits for its turn. */
  hurry() {
    if (!this.wanted || (this.feed.phase !== 'cut' && this.feed.phase !== 'opening')) return
    this.tries = 0
    void this.dial()
  }

  private async dial() {
    clearTimeout(this.timer)
    this.hangUp()
    const { signal } = (this.stop = new AbortController())
    this.feed = opening(this.feed)
    this.listenFor(signal)
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream', ...(this.feed.at === undefined ? {} : { 'Last-Event-ID': String(this.feed.at) }) }
      const answer = await fetch(base + '/api/events', { headers, signal, cache: 'no-store' })
      if (!answer.ok || !answer.body) throw problemFrom(answer.status, await answer.json().catch(() => undefined))
      await this.read(answer.body, signal)
      if (!signal.aborted) this.lost() // the server went
    } catch (thrown) {
      if (signal.aborted) return
      this.lost(thrown instanceof Problem ? thrown : new Problem(0))
    }
  }

  private async read(body: ReadableStream<Uint8Array>, signal: AbortSignal) {
    const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
    const frames = new Frames()
    for (;;) {
      const { done, value } = await reader.read()
      if (done || signal.aborted) return
      this.listenFor(signal)
      for (const frame of frames.take(value)) {
        if (signal.aborted) return // a listener closed the line
        const [feed, news] = take(this.feed, frame)
        this.feed = feed
        this.tries = 0
        for (const one of news) this.tell(one)
        if (feed.caughtUp) this.rest()
      }
    }
  }

  private tell(news: News) {
    if (news.is === 'out') this.close()
    for (const listener of this.listeners) listener(news)
  }

  /** After it was said for a while that nothing is missing, that isn't news any more. */
  private rest() {
    clearTimeout(this.said)
    this.said = window.setTimeout(() => (this.feed = noted(this.feed)), saidFor)
  }

  /** A line that is silent for too long is as good as cut. */
  private listenFor(signal: AbortSignal) {
    clearTimeout(this.silence)
    this.silence = window.setTimeout(() => !signal.aborted && this.lost(), patience)
  }

  private hangUp() {
    clearTimeout(this.silence)
    this.stop.abort()
  }

  private lost(problem?: Problem) {
    this.hangUp()
    if (this.feed.phase === 'live' || this.feed.phase === 'catching-up') this.since = Date.now()
    this.feed = cut(this.feed)
    if (problem?.signedOut) {
      this.close()
      void session.look()
      return
    }
    if (problem?.status === 403) return this.close()
    if (problem) server.heard(problem)
    if (!this.wanted) return
    // A thousand pages that lost the same server don't come back in the same instant.
    const wait = Math.min(firstWait * 2 ** this.tries++, longestWait) * (0.5 + Math.random())
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.dial(), wait)
  }
}

export const line = new Line()
