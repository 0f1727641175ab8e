import { expect, test } from 'vitest'
import { en } from './en'
import { zh } from './zh'

/** Every leaf with its path. That both have the same keys the compiler knows; this looks at what they say. */
function leaves(node: object, path = ''): [string, unknown][] {
  return Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
    const at = path ? `${path}.${key}` : key
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? leaves(value, at) : [[at, value]]
  })
}
const said = (value: unknown): string =>
  typeof value === 'function' ? String((value as (...a: unknown[]) => string)(...Array.from({ length: value.length }, (_, i) => `<${i}>`))) : Array.isArray(value) ? value.join('\n') : String(value)

test('both languages have the same words, with the same parameters', () => {
  const shape = (d: object) => leaves(d).map(([path, v]) => `${path}(${typeof v === 'function' ? v.length : Array.isArray(v) ? v.length : ''})`)
  expect(shape(en)).toEqual(shape(zh))
})

test('every parameter is used', () => {
  for (const dictionary of [zh, en])
    for (const [path, value] of leaves(dictionary))
      if (typeof value === 'function') for (let i = 0; i < value.length; i++) expect(said(value), path).toContain(`<${i}>`)
})

test('Chinese sentences use Chinese punctuation, English ones none of it', () => {
  for (const [path, value] of leaves(zh)) expect(said(value), path).not.toMatch(/[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]/)
  for (const [path, value] of leaves(en)) if (!path.startsWith('language.')) expect(said(value), path).not.toMatch(/[\u3000-\u303f\uff00-\uffef‘’“”]/)
})

test('in the workspace one is one, in English', () => {
  const severalOfOne = /(?<![\d.,/–-])1 (?:more |chosen |other |open |new )?(?:people|\w[\w-]+s)\b(?<!\b(?:is|was|has|this|its|minus))/
  expect('1 problems').toMatch(severalOfOne)
  expect('11 problems, 0.1 grids, 1 problem, 1 is left').not.toMatch(severalOfOne)
  for (const [path, value] of leaves(en))
    if (typeof value === 'function' && path.startsWith('plan')) expect.soft(String((value as (...a: unknown[]) => string)(...Array.from({ length: value.length }, () => '1'))), path).not.toMatch(severalOfOne)
})
