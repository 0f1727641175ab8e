import { expect, test } from 'vitest'
import { hashOf, shownFrom } from './state'

const home = '370883001002003'

test('what is shown is written to the address and read from it', () => {
  for (const shown of [
    { division: home, kind: '', overdue: false, incidents: false },
    { division: '370883001', kind: 'low-income', overdue: true, incidents: false },
    { division: home, kind: '', overdue: false, incidents: true },
    { division: home, kind: 'own-1', overdue: false, incidents: false },
  ])
    expect(shownFrom(hashOf(shown, home), home)).toEqual(shown)
  expect(hashOf({ division: home, kind: '', overdue: false, incidents: false }, home)).toBe('')
})

test('what can’t be read is dropped', () => {
  expect(shownFrom('#division=12&kind=%3Cb%3E&overdue=yes&incidents=2&resident=370883-5', home)).toEqual({ division: home, kind: '', overdue: false, incidents: false })
})
