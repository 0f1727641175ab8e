import { expect, test } from 'vitest'
import { hashOf, shownFrom } from './state'

test('what is shown comes back from the address it was written to', () => {
  for (const hash of ['', '#division=370883001&vacant=any&grid=370883001002003', '#view=people&kind=police&id=370883-12&free=1&ended=1', '#vacant=worker'])
    expect(hashOf(shownFrom(hash, '370883'), '370883')).toBe(hash)
})

test('what makes no sense is dropped', () => {
  const shown = shownFrom('#view=x&division=12&vacant=boss&grid=370883001&id=370883-0&free=yes', '370883')
  expect(shown).toEqual({ view: 'posts', division: '370883', vacant: '', grid: '', id: '', kind: '', free: false, ended: false })
})
