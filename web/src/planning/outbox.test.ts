import { describe, expect, test } from 'vitest'
import type { Act, Acted, Stale } from '../api/drafts'
import { problemFrom, Problem } from '../api/problem'
import { Outbox, parseKept } from './outbox'
import type { Kept, Queued } from './outbox'
import { answered } from './squares'

type Answer = Acted | Problem

/** A server that answers when it is told to, and everything that the outbox tells. */
function desk(revision = 5) {
  const sent: Act[] = []
  const waiting: ((answer: Answer) => void)[] = []
  const told: string[] = []
  let kept: Kept | undefined
  let verdict: 'again' | 'done' | 'drop' = 'drop'
  const outbox = new Outbox(
    {
      post: (act) => {
        sent.push(act)
        return new Promise((done, fail) => waiting.push((a) => (a instanceof Problem ? fail(a) : done(a))))
      },
      took: (q) => told.push('took ' + q.id),
      stale: (q, s: Stale) => (told.push(`stale ${q.id} ${s.revision}`), verdict),
      refused: (q, p) => told.push(`refused ${q.id} ${p.status}`),
      keep: (k) => (kept = k && (JSON.parse(JSON.stringify(k)) as Kept)),
      changed: () => {},
    },
    revision,
    't',
  )
  return {
    outbox,
    sent,
    told,
    kept: () => kept,
    decide: (v: typeof verdict) => (verdict = v),
    /** Answers the request that is open. */
    async answer(a: Answer | ((act: Act) => Answer)) {
      waiting.shift()!(typeof a === 'function' ? a(sent.at(-1)!) : a)
      await new Promise((done) => setTimeout(done))
    },
    open: () => waiting.length,
  }
}
const paint = (...blocks: number[]) => ({ act: { kind: 'assign' as const, blocks, grid: 'g' }, effect: { blocks, grid: 'g' } })
const conflict = (revision: number) => problemFrom(409, { status: 409, code: 'conflict', revision, missed: [], patches: [] })

describe('acts on their way', () => {
  test('go one after the other, each on the revision that the last one made', async () => {
    const d = desk()
    for (const p of [paint(1), paint(2), paint(3)]) void d.outbox.send(p.act, p.effect)
    expect(d.open()).toBe(1)
    expect(d.outbox.saving).toBe('saving')
    for (let n = 6; n < 9; n++) await d.answer((act) => answered(act, n))
    expect(d.sent.map((a) => a.revision)).toEqual([5, 6, 7])
    expect(d.told).toEqual(['took t-1', 'took t-2', 'took t-3'])
    expect(d.outbox.saving).toBe('saved')
    expect(d.kept()).toBeUndefined()
  })

  test('are kept until they are answered', async () => {
    const d = desk()
    void d.outbox.send(paint(1).act, paint(1).effect)
    void d.outbox.send(paint(2).act, paint(2).effect)
    expect(d.kept()!.acts.map((q: Queued) => q.act)).toEqual([paint(1).act, paint(2).act])
    await d.answer((act) => answered(act, 6))
    expect(d.kept()).toMatchObject({ revision: 6, acts: [{ act: paint(2).act }] })
  })

  test('wait while there is no connection, and go out when it is back', async () => {
    const d = desk()
    void d.outbox.send(paint(1).act, paint(1).effect)
    await d.answer(new Problem(0))
    expect(d.outbox.saving).toBe('waiting')
    void d.outbox.send(paint(2).act, paint(2).effect)
    expect(d.open()).toBeLessThan(2)
    d.outbox.hurry()
    await d.answer((act) => answered(act, 6))
    await d.answer((act) => answered(act, 7))
    expect(d.sent.map((a) => a.kind === 'assign' && a.blocks[0])).toEqual([1, 1, 2])
    expect(d.sent.map((a) => a.request), 'one name for one act, however often it is sent').toEqual(['t-1', 't-1', 't-2'])
    expect(d.outbox.saving).toBe('saved')
    d.outbox.close()
  })

  test('wait too while the session is over or the server is starting', async () => {
    for (const p of [problemFrom(401, { code: 'signed-out' }), problemFrom(503, {}), problemFrom(429, {})]) {
      const d = desk()
      void d.outbox.send(paint(1).act, paint(1).effect)
      await d.answer(p)
      expect(d.outbox.saving, String(p.status)).toBe('waiting')
      expect(d.kept()!.acts).toHaveLength(1)
      d.outbox.close()
    }
  })

  test('what an earlier tab left goes out first, on the revision that it was made on', async () => {
    const d = desk(9)
    d.outbox.resume({ revision: 4, acts: [{ id: 'x', ...paint(7), made: 1 }] })
    void d.outbox.send(paint(8).act, paint(8).effect)
    expect(d.sent[0]).toMatchObject({ revision: 4, blocks: [7], request: 'x' })
    expect(d.outbox.effects.map((e) => e.blocks)).toEqual([[7], [8]])
    await d.answer((act) => answered(act, 10))
    expect(d.sent[1]).toMatchObject({ revision: 10, blocks: [8] })
  })
})

describe('when others were first', () => {
  test('what does not touch theirs is sent again, on what there is now', async () => {
    const d = desk()
    d.decide('again')
    void d.outbox.send(paint(1).act, paint(1).effect)
    await d.answer(conflict(8))
    expect(d.sent.at(-1)).toMatchObject({ revision: 8, blocks: [1] })
    await d.answer((act) => answered(act, 9))
    expect(d.told).toEqual(['stale t-1 8', 'took t-1'])
  })

  test('what does is given up, and what follows goes on', async () => {
    const d = desk()
    const first = d.outbox.send(paint(1).act, paint(1).effect)
    void d.outbox.send(paint(2).act, paint(2).effect)
    await d.answer(conflict(8))
    expect(await first).toBeUndefined()
    expect(d.sent.at(-1)).toMatchObject({ revision: 8, blocks: [2] })
    d.outbox.close()
  })

  test('no act is offered for ever', async () => {
    const d = desk()
    d.decide('again')
    void d.outbox.send(paint(1).act, paint(1).effect)
    for (let n = 0; n < 6 && d.open(); n++) await d.answer(conflict(8 + n))
    expect(d.told.at(-1)).toBe('refused t-1 409')
    expect(d.outbox.acts).toEqual([])
  })

  test('a conflict that says nothing of a revision is a refusal', async () => {
    const d = desk()
    void d.outbox.send(paint(1).act, paint(1).effect)
    await d.answer(problemFrom(409, { code: 'conflict', buildings: [{ id: 1 }] }))
    expect(d.told).toEqual(['refused t-1 409'])
  })
})

describe('a grid that is begun here', () => {
  test('is new to the server once; what is painted into it meanwhile follows under its key', async () => {
    const d = desk()
    const fresh = (...blocks: number[]) => d.outbox.send({ kind: 'assign', blocks, grid: '~1' }, { blocks, grid: '~1' })
    void fresh(1)
    void fresh(2)
    void d.outbox.send({ kind: 'rename', grid: '~1', name: '南苑' })
    await d.answer((act) => answered(act, 6, { patch: { blocks: [{ key: 1, grid: 'new-3' }], locked: [], reground: [] } }))
    await d.answer((act) => answered(act, 7))
    expect(d.sent.map((a) => 'grid' in a && a.grid)).toEqual(['new', 'new-3', 'new-3'])
    expect(d.kept()!.acts[0]!.act).toMatchObject({ kind: 'rename', grid: 'new-3' })
    d.outbox.close()
  })

  test('is begun by the next stroke when the first was refused', async () => {
    const d = desk()
    void d.outbox.send({ kind: 'assign', blocks: [1], grid: '~1' }, { blocks: [1], grid: '~1' })
    void d.outbox.send({ kind: 'assign', blocks: [2], grid: '~1' }, { blocks: [2], grid: '~1' })
    await d.answer(problemFrom(400, { code: 'invalid' }))
    expect(d.sent.at(-1)).toMatchObject({ grid: 'new', blocks: [2] })
    d.outbox.close()
  })
})

test('the last act is taken back without a server as long as it has not left', async () => {
  const d = desk()
  void d.outbox.send(paint(1).act, paint(1).effect)
  expect(d.outbox.takeBack()).toBeUndefined() // it is on its way
  void d.outbox.send(paint(2).act, paint(2).effect)
  expect(d.outbox.takeBack()!.act).toEqual(paint(2).act)
  expect(d.outbox.acts).toHaveLength(1)
  await d.answer((act) => answered(act, 6))
  expect(d.sent).toHaveLength(1)
})

test('what cannot be read from the storage is dropped, the rest is kept', () => {
  for (const text of [null, '', '{', '[]', '{"revision":1}', '{"revision":"1","acts":[]}', '{"revision":1,"acts":[{"id":1}]}']) expect(parseKept(text), String(text)).toBeUndefined()
  const good = { id: 'a', act: { kind: 'undo' }, made: 1 }
  expect(parseKept(JSON.stringify({ revision: 3, acts: [good, { id: 'b' }, null] }))).toEqual({ revision: 3, acts: [good] })
})
