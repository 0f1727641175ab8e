import { describe, expect, test } from 'vitest'
import { clash, fits, may, officers, pageOf, pages, pagesOf, pathOf, reaches, roles } from './access'

describe('capabilities', () => {
  const can = { 'account.grant': ['370883', '110108014'], 'audit.read': [] }

  test('reach what lies below their ground and nothing beside it', () => {
    for (const code of ['370883', '370883001', '370883001002003', '110108014001']) expect(reaches(can, 'account.grant', code), code).toBe(true)
    for (const code of ['370884', '110108', '110108015001', '']) expect(reaches(can, 'account.grant', code), code).toBe(false)
    expect(reaches(can, 'account.manage', '370883')).toBe(false)
  })

  test('on no ground are none', () => {
    expect(may(can, 'audit.read')).toBe(false)
    expect(may(can, 'account.grant')).toBe(true)
  })

  test('decide which pages there are', () => {
    expect(pagesOf({ 'map.read': ['370883'] })).toEqual(['map', 'account'])
    expect(pagesOf({ 'account.manage': ['370883'] })).toEqual(['map', 'account', 'accounts'])
    expect(pagesOf({ 'account.grant': ['370883'] })).toEqual(['map', 'account', 'accounts'])
    expect(pagesOf({ 'audit.read': ['370883'] })).toEqual(['map', 'account', 'accounts', 'trail'])
  })
})

test('three officers: any two clash, everything else goes together', () => {
  for (const a of roles)
    for (const b of roles) {
      const two = a !== b && officers.includes(a) && officers.includes(b)
      expect(clash(a, [{ role: 'planner' }, { role: b }]), `${a} with ${b}`).toBe(two ? b : undefined)
    }
})

test('a grid worker is given a grid, the others a division', () => {
  expect(fits('grid-worker', '370883001002003')).toBe(true)
  expect(fits('grid-worker', '370883001002')).toBe(false)
  expect(fits('leader', '370883001002')).toBe(true)
  expect(fits('leader', '370883001002003')).toBe(false)
  expect(fits('leader', '37088')).toBe(false)
})

test('every page has its path, and what is none is the map', () => {
  for (const p of pages) expect(pageOf('/' + pathOf(p))).toBe(p)
  for (const path of ['', '/', '/nothing', '/map', '/accounts/3', '/Trail']) expect(pageOf(path)).toBe('map')
  expect(pageOf('/accounts/')).toBe('accounts')
})
