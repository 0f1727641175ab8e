import { expect, test } from 'vitest'
import { densityClasses, densityClassOf, perHectare } from './density'

test('a density falls in the class it is at least', () => {
  expect(densityClassOf(0).from).toBe(0)
  expect(densityClassOf(24.9).from).toBe(0)
  expect(densityClassOf(25).from).toBe(25)
  expect(densityClassOf(5000).from).toBe(600)
})

test('the classes rise', () => {
  for (let i = 1; i < densityClasses.length; i++) expect(densityClasses[i]!.from).toBeGreaterThan(densityClasses[i - 1]!.from)
})

test('no ground has no density', () => {
  expect(perHectare(600, 40_000)).toBe(150)
  expect(perHectare(600, 0)).toBe(0)
})
