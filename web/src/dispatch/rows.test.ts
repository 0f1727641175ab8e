import { describe, expect, test } from 'vitest'
import type { Told } from '../live/feed'
import { combine, emptyLog, fits, joinHead, metres, note, numberOf, rowOfTold } from './rows'
import type { Row } from './rows'

const told = (n: number, more: Partial<Told> = {}): Told => ({ id: `370883-${n}`, kind: 'gas', severity: 1, lon: 116, lat: 35, grid: '370883199001001', at: '2026-01-01T00:00:00Z', ...more })
const row = (n: number): Row => ({ ...rowOfTold(told(n)), said: { place: 'x', text: 'y', nearBorder: false } })
const ids = (rows: readonly Row[]) => rows.map((r) => numberOf(r.id))
const all = () => true

describe('events over an answer', () => {
  test('an answer older than an event leaves its incident', () => {
    let log = note(emptyLog, told(7))
    const asked = log.n
    log = note(log, told(8))
    const late = [row(7), row(6)] // the answer was made before 8 was there
    expect(ids(combine(late, log, asked, all).rows)).toEqual([8, 7, 6])
    expect(combine(late, log, asked, all).extra).toBe(1)
  })

  test('an answer that was asked for after an event decides alone', () => {
    const log = note(emptyLog, told(8))
    expect(combine([row(7)], log, log.n, all)).toEqual({ rows: [row(7)], extra: 0 }) // the reader may not see it any more
  })

  test('an answer that has it already shows it once, with what was said', () => {
    const log = note(emptyLog, told(8))
    const { rows, extra } = combine([row(8), row(7)], log, 0, all)
    expect(ids(rows)).toEqual([8, 7])
    expect(rows[0]!.said).toBeDefined()
    expect(extra).toBe(0)
  })

  test('the newest is first, whatever order they were told in, and none is there twice', () => {
    let log = emptyLog
    for (const n of [9, 12, 10, 12, 11, 9]) log = note(log, told(n))
    expect(log.n).toBe(4)
    expect(ids(combine([row(8)], log, 0, all).rows)).toEqual([12, 11, 10, 9, 8])
  })

  test('a filter holds for them too', () => {
    const groups = { gas: 'safety', noise: 'environment' }
    const f = { division: '370883199001', group: '', severity: 0 }
    expect(fits(f, told(1), groups)).toBe(true)
    expect(fits(f, told(1, { grid: '370883199002001' }), groups)).toBe(false)
    expect(fits({ ...f, group: 'environment' }, told(1), groups)).toBe(false)
    expect(fits({ ...f, group: 'environment' }, told(1, { kind: 'noise' }), groups)).toBe(true)
    expect(fits({ ...f, severity: 2 }, told(1), groups)).toBe(false)
    expect(fits({ division: '', group: '', severity: 1 }, told(1), groups)).toBe(true)
  })
})

describe('a fresh first page', () => {
  const rows = (...n: number[]) => n.map(row)

  test('goes over the pages that are there', () => {
    expect(joinHead(rows(9, 8, 7, 6, 5, 4), rows(11, 10, 9, 8), true)).toEqual({ rows: rows(11, 10, 9, 8, 7, 6, 5, 4), gap: false })
  })

  test('may end right above them', () => {
    expect(ids(joinHead(rows(9, 8, 7), rows(11, 10, 9), true).rows)).toEqual([11, 10, 9, 8, 7])
  })

  test('drops them when something would be missing between', () => {
    expect(joinHead(rows(5, 4, 3), rows(11, 10, 9), true)).toEqual({ rows: rows(11, 10, 9), gap: true })
  })

  test('is all there is when it is the last page', () => {
    expect(joinHead(rows(9, 8, 7), rows(11, 9), false)).toEqual({ rows: rows(11, 9), gap: true })
    expect(joinHead(rows(9), [], false)).toEqual({ rows: [], gap: true })
  })
})

test('metres between neighbours', () => {
  expect(metres({ lon: 116.32, lat: 40 }, { lon: 116.32, lat: 40.0009 })).toBeCloseTo(100.1, 0)
  expect(metres({ lon: 116.32, lat: 40 }, { lon: 116.3212, lat: 40 })).toBeCloseTo(102.2, 0)
})
