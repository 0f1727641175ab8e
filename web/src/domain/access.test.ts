import { describe, expect, test } from 'vitest'
import { clash, fits, grantRefusal, manageRefusal, may, officers, pageOf, pages, pagesOf, pathOf, reaches, roles } from './access'

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
    expect(pagesOf({})).toEqual(['account'])
    expect(pagesOf({ 'map.read': ['370883'], 'register.read': ['370883001001001'] })).toEqual(['map', 'register', 'watch', 'account'])
    expect(pagesOf({ 'map.read': ['370883'], 'care.define': ['370883'] })).toEqual(['map', 'watch', 'account'])
    expect(pagesOf({ 'map.read': ['370883'], 'responder.read': ['370883'] })).toEqual(['map', 'responders', 'account'])
    expect(pagesOf({ 'map.read': ['370883'], 'register.import': ['370883001001'] })).toEqual(['map', 'imports', 'account'])
    const map = { 'map.read': ['370883'] }
    expect(pagesOf({ ...map, 'grid.plan': ['370883001'] })).toEqual(['map', 'plan', 'account'])
    expect(pagesOf({ ...map, 'grid.approve': ['370883'] })).toEqual(['map', 'plan', 'account'])
    expect(pagesOf({ ...map, 'grid.plan': [] })).toEqual(['map', 'account'])
    expect(pagesOf({ ...map, 'account.manage': ['370883'] })).toEqual(['map', 'account', 'accounts'])
    expect(pagesOf({ ...map, 'account.grant': ['370883'] })).toEqual(['map', 'account', 'accounts'])
    expect(pagesOf({ ...map, 'audit.read': ['370883'] })).toEqual(['map', 'account', 'accounts', 'trail'])
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

describe('one of the three does not do the work of another', () => {
  const administrator = { id: 1, can: { 'account.manage': ['370883'] } }
  const officer = { id: 2, can: { 'account.grant': ['370883'] } }
  const auditor = { id: 3, can: { 'audit.read': ['370883'] } }
  const worker = { id: 9, division: '370883001002', grants: [{ role: 'grid-worker' }] }

  test('accounts are the administrator’s, but not their own, an officer’s, or those of other ground', () => {
    expect(manageRefusal(administrator, worker)).toBe('')
    expect(manageRefusal(administrator, { ...worker, id: 1 })).toBe('ownAccount')
    expect(manageRefusal(administrator, { ...worker, grants: [{ role: 'leader' }, { role: 'auditor' }] })).toBe('officer')
    expect(manageRefusal(administrator, { ...worker, division: '370884' })).toBe('outside')
    expect(manageRefusal(officer, worker)).toBe('notAdministrator')
    expect(manageRefusal(auditor, worker)).toBe('notAdministrator')
  })

  test('grants are the security officer’s, but not their own', () => {
    expect(grantRefusal(officer, worker)).toBe('')
    expect(grantRefusal(officer, { ...worker, id: 2 })).toBe('ownGrants')
    expect(grantRefusal(administrator, worker)).toBe('notOfficer')
  })
})
