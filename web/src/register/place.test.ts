import { expect, test } from 'vitest'
import { beginAt, beginning, hashOf, openFrom } from './place'

test('what is open is read back from what is written', () => {
  for (const open of [
    { building: '370883-113', house: '370883-3553' },
    { building: '', house: '370883-1' },
    { building: '370883-7', house: '' },
    { building: '', house: '' },
  ])
    expect(openFrom(hashOf(open))).toEqual(open)
})

test('what can not be an id is dropped, and what is about a person too', () => {
  expect(openFrom('#building=7&house=370883-0&lang=en')).toEqual({ building: '', house: '' })
  expect(hashOf({ ...openFrom('#house=370883-5&resident=370883-9&name=x'), ...{} })).toBe('#house=370883-5')
})

test('where the map begins is read back, and anything else is dropped', () => {
  expect(beginning(beginAt([116.96638, -35.4]))).toEqual([116.96638, -35.4])
  for (const hash of ['', '#at=', '#at=116', '#at=116,', '#at=181,0', '#at=0,91', '#at=1,2,3', '#at=a,b']) expect(beginning(hash)).toBeUndefined()
  expect(hashOf(openFrom('#at=116.9,35.4&house=370883-5'))).toBe('#house=370883-5')
})
