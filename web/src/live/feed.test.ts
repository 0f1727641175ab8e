import { describe, expect, test } from 'vitest'
import { cut, noted, opening, silent, take } from './feed'
import type { Feed, News } from './feed'
import type { Frame } from './frames'

const frame = (name: string, id: number | undefined, data: unknown = {}): Frame => ({ name, id: id === undefined ? undefined : String(id), data: JSON.stringify(data) })
const incident = (id: number) => frame('incident', id, { id: '370883-' + id, kind: 'gas', severity: 1, lon: 116, lat: 35, grid: '370883199001001', at: '2026-01-01T00:00:00Z' })
const hello = (at: number, missed?: number) => frame('hello', at, { position: String(at), resumed: missed !== undefined, missed: missed ?? 0 })

function run(feed: Feed, ...frames: Frame[]): [Feed, News[]] {
  const news: News[] = []
  for (const f of frames) {
    const [after, told] = take(feed, f)
    feed = after
    news.push(...told)
  }
  return [feed, news]
}
const seen = (news: News[]) => news.map((n) => (n.is === 'incident' ? n.told.id : n.is))

describe('the feed', () => {
  test('is live from the first hello on, and tells each event once, in order', () => {
    const [feed, news] = run(opening(silent), hello(17), incident(18), incident(19), incident(19), incident(18), incident(21))
    expect(seen(news)).toEqual(['begun', '370883-18', '370883-19', '370883-21'])
    expect(feed).toMatchObject({ phase: 'live', at: 21, late: 0, caughtUp: false })
  })

  test('is cut off, catches up, and says how many came late', () => {
    const [before] = run(opening(silent), hello(17), incident(18))
    const off = cut(before)
    expect(off.phase).toBe('cut')
    const [half, first] = run(opening(off), hello(18, 3), incident(20))
    expect([half.phase, half.caughtUp, half.late]).toEqual(['catching-up', false, 1])
    const [feed, rest] = run(half, frame('layout', 22, { county: 370883, version: 2 }), incident(23), incident(24))
    expect(seen([...first, ...rest])).toEqual(['370883-20', 'layout', '370883-23', '370883-24'])
    expect(feed).toMatchObject({ phase: 'live', at: 24, late: 2, caughtUp: true }) // the last one came in its time
    expect(rest.at(-1)).toMatchObject({ late: false })
    expect(noted(feed)).toMatchObject({ late: 0, caughtUp: false })
  })

  test('cut off again while it catches up, it owes only what is still missing', () => {
    const [before] = run(opening(silent), hello(17))
    const [half, first] = run(opening(cut(before)), hello(17, 3), incident(18), incident(19))
    const [feed, rest] = run(opening(cut(half)), hello(19, 1), incident(20))
    expect(seen([...first, ...rest])).toEqual(['370883-18', '370883-19', '370883-20'])
    expect(feed).toMatchObject({ phase: 'live', late: 3, caughtUp: true })
  })

  test('says that it is whole when nothing was missed', () => {
    const [before] = run(opening(silent), hello(17))
    const [feed, news] = run(opening(cut(before)), hello(17, 0))
    expect(feed).toMatchObject({ phase: 'live', late: 0, caughtUp: true })
    expect(news).toEqual([])
  })

  test('a silent frame moves it on, and never back', () => {
    const [feed] = run(opening(silent), hello(17), { name: '', data: '', id: '30' }, { name: '', data: '', id: '12' })
    expect(feed.at).toBe(30)
  })

  test('where the position is unknown everything is asked for anew, also when the numbers begin lower', () => {
    const [before] = run(opening(silent), hello(500), incident(501))
    const [feed, news] = run(opening(cut(before)), frame('reset', 40), incident(41))
    expect(seen(news)).toEqual(['reset', '370883-41'])
    expect(feed).toMatchObject({ phase: 'live', at: 41 })
    const [, again] = run(opening(cut(before)), hello(600))
    expect(seen(again)).toEqual(['reset']) // not where it was, and the server doesn't say so
  })

  test('rights and the end of the session are told whatever number they bear', () => {
    const [feed, news] = run(opening(silent), hello(17), incident(18), frame('access', 18), frame('out', 18))
    expect(seen(news)).toEqual(['begun', '370883-18', 'access', 'out'])
    expect(feed.phase).toBe('off')
  })

  test('what is unreadable or unknown moves it on without a word', () => {
    const [feed, news] = run(opening(silent), hello(17), { name: 'incident', id: '18', data: '{' }, frame('weather', 19), incident(20))
    expect(seen(news)).toEqual(['begun', '370883-20'])
    expect(feed.at).toBe(20)
  })

  test('before it was live once it is opening, not cut off', () => {
    expect(cut(opening(silent)).phase).toBe('opening')
  })
})

test('random cuts at any place: each event once, in order, none missing', () => {
  let seed = 4242
  const random = (n: number) => {
    seed = (seed * 48271) % 0x7fffffff
    return Math.floor((seed / 0x7fffffff) * n)
  }
  for (let round = 0; round < 300; round++) {
    const all = Array.from({ length: 30 }, (_, i) => 100 + i * (1 + (round % 3)))
    let feed = opening(silent)
    const told: string[] = []
    ;[feed] = take(feed, hello(99))
    let guard = 0
    while (feed.at! < all.at(-1)! && guard++ < 500) {
      const missed = all.filter((id) => id > feed.at!)
      const now = missed.slice(0, 1 + random(missed.length)) // the server reads in several steps
      ;[feed] = take(feed, hello(feed.at!, now.length))
      const through = missed.slice(0, random(missed.length + 1)) // and the line breaks anywhere
      for (const id of through) {
        const [after, news] = take(feed, incident(id))
        feed = after
        told.push(...seen(news))
        if (random(4) === 0) told.push(...seen(take(feed, incident(id))[1])) // a double
      }
      feed = opening(cut(feed))
    }
    expect(told).toEqual(all.map((id) => '370883-' + id))
  }
})
