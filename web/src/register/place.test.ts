import { expect, test } from 'vitest'
import { hashOf, openFrom } from './place'

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
