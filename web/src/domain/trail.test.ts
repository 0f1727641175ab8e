import { describe, expect, test } from 'vitest'
import { anything, backwards, detailRows, filterFrom, hashOf, queryOf } from './trail'

describe('what is asked of the trail', () => {
  const questions = [
    anything,
    { ...anything, span: '30d' as const, action: 'grant.given', place: '370883001', q: '张 & 李 #1' },
    { ...anything, span: 'range' as const, from: '2025-11-01T00:00', to: '2025-11-08T09:30', account: 12 },
    { ...anything, span: 'all' as const, subject: 'account:5' },
  ]
  test.each(questions)('comes back from the address: %o', (filter) => expect(filterFrom(hashOf(filter))).toEqual(filter))

  test('at first leaves no mark in the address', () => expect(hashOf(anything)).toBe(''))

  test('that can not be read is dropped', () => {
    expect(filterFrom('#time=ever&from=yesterday&place=37x&account=leader&lang=zh')).toEqual(anything)
    expect(filterFrom('#time=range')).toEqual(anything)
  })

  test('becomes instants, and leaves out what is open', () => {
    const now = new Date('2025-11-22T08:00:00Z')
    expect(queryOf({ ...anything, span: '1h' }, now)).toEqual({ from: '2025-11-22T07:00:00.000Z' })
    expect(queryOf({ ...anything, span: 'all', q: '  ' }, now)).toEqual({})
    expect(queryOf({ ...anything, span: 'range', to: '2025-11-08T09:30' }, now)).toEqual({ to: new Date(2025, 10, 8, 9, 30).toISOString() })
  })

  test('may end before it begins, which is said', () => {
    expect(backwards({ ...anything, span: 'range', from: '2025-11-08T00:00', to: '2025-11-01T00:00' })).toBe(true)
    expect(backwards({ ...anything, span: 'range', from: '2025-11-08T00:00' })).toBe(false)
    expect(backwards({ ...anything, span: '1h', from: '2025-11-08T00:00', to: '2025-11-01T00:00' })).toBe(false)
  })
})

test('details become rows', () => {
  expect(detailRows({ role: 'leader', before: { display: 'A', codes: ['1', '2'] }, none: null, n: 0, off: false, all: [{ x: 1 }] })).toEqual([
    ['role', 'leader'],
    ['before.display', 'A'],
    ['before.codes', '1, 2'],
    ['n', '0'],
    ['off', 'false'],
    ['all.0.x', '1'],
  ])
  expect(detailRows({})).toEqual([])
  expect(detailRows('plain')).toEqual([['', 'plain']])
})
