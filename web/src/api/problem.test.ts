import { describe, expect, test } from 'vitest'
import { en } from '../words/en'
import { zh } from '../words/zh'
import { asProblem, Problem, problemFrom } from './problem'

describe('problems', () => {
  const body = { type: 'urn:jingwei:problem:not-found', status: 404, code: 'not-found', detail: '没有网格', zh: '没有网格', en: 'no grid' }

  test('speak the language of the reader, whatever the server put into detail', () => {
    const p = problemFrom(404, body)
    expect(p.text('zh', zh)).toBe('没有网格')
    expect(p.text('en', en)).toBe('no grid')
    expect(p.notFound).toBe(true)
  })

  test('without a body say the status', () => {
    expect(problemFrom(500, undefined).text('en', en)).toContain('500')
    expect(problemFrom(500, '<html>').text('zh', zh)).toContain('500')
  })

  test('of the way there are told apart from those of the server', () => {
    expect(new Problem(0).unreachable).toBe(true)
    expect(problemFrom(502, null).unreachable).toBe(true)
    expect(problemFrom(503, { zh: '数据库', en: 'database' }).unreachable).toBe(false)
    expect(asProblem(new TypeError('x')).unreachable).toBe(true)
  })
})
