import { expect, test } from 'vitest'
import { format, next, parse, put, stale, staleAfter, without } from './unsent'
import type { Unsent } from './unsent'

const of = (request: string, more: Partial<Unsent> = {}): Unsent => ({ request, made: 1000, body: { kind: 'gas', text: '有味道', lon: 116, lat: 35, crs: 'wgs84', request }, contact: false, ...more })

test('what was stored comes back', () => {
  const list = [of('a'), of('b', { refused: { zh: '不行', en: 'no' } })]
  expect(parse(format(list))).toEqual(list)
})

test('a contact is never stored', () => {
  const list = [of('a', { contact: true, body: { ...of('a').body, contact: { name: '测试', phone: '13900000000' } } as Unsent['body'] })]
  expect(format(list)).not.toContain('13900000000')
  expect(format(list)).not.toContain('测试')
  expect(parse(format(list))[0]!.contact).toBe(true)
})

test('what is unreadable is dropped, the rest stays', () => {
  expect(parse(null)).toEqual([])
  expect(parse('{')).toEqual([])
  expect(parse('{"a":1}')).toEqual([])
  expect(parse(JSON.stringify([null, 3, { request: 'x' }, { ...of('y'), made: 'soon' }, of('z')]))).toEqual([of('z')])
})

test('they go out in the order in which they were made, but not refused ones and not those of yesterday', () => {
  const now = 1000 + staleAfter
  const list = [of('refused', { refused: { zh: '', en: '' } }), of('old', { made: 0 }), of('first'), of('second')]
  expect(next(list, now)?.request).toBe('first')
  expect(next(without(list, 'first'), now)?.request).toBe('second')
  expect(stale(of('old', { made: 0 }), now)).toBe(true)
  expect(next([list[0]!, list[1]!], now)).toBeUndefined()
})

test('one that is kept again replaces itself and keeps its place', () => {
  const list = put(put([], of('a')), of('b'))
  const again = put(list, of('a', { made: 5 }))
  expect(again.map((u) => [u.request, u.made])).toEqual([
    ['a', 5],
    ['b', 1000],
  ])
})
