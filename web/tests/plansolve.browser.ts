// A town's problems, found and solved to the end: one by one, and all at once. What is left has been shown to be impossible, and says so.

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DraftHead, DraftProblem } from '../src/api/drafts'
import { faults } from './axe'
import { home, leave, noServer, picture, start, stop } from './browser'
import { demo, fresh, must } from './people'
import { acted, atDraft, boardOf, ground, Hands, merged, opened, pairAbout, saved } from './plan'

/** The grids as they were drawn first, whatever other tests have published since. */
const asDrawn = async (): Promise<DraftHead> => (await must('planner', 'POST', '/api/drafts', { division: await home(), name: '测试 ' + fresh(), begin: 'version', version: 1 })) as DraftHead

const solvable = (all: readonly DraftProblem[]) => all.filter((p) => p.fixable)
const gridsOf = async (id: string) => (await ground(id)).communities.flatMap((c) => c.blocks).map((b) => [b.key, b.grid])

/** A draft with something wrong in it: two grids made one, and one without one of its blocks. */
async function troubled() {
  const head = await asDrawn()
  const board = await boardOf(head.id)
  const pair = pairAbout(board, 1200, demo('grid-worker').code)
  const large = await merged(head.id, ...pair)
  const other = board.slots.findIndex((s) => s.blocks > 10 && !s.special && !pair.includes(s.key) && s.key !== demo('grid-worker').code)
  await acted(head.id, { kind: 'assign', blocks: [board.t.keys[board.blocksOf(other)[0]!]!], grid: '' })
  return { head, large }
}

/** Opens a problem, and says what is offered: a remedy that solves it, a proof, or nothing. */
async function look(page: Page, hands: Hands, id: string): Promise<'solves' | 'proven' | 'nothing'> {
  const row = page.locator(`li[data-problem="${id}"]`)
  if (!(await row.evaluate((li) => li.classList.contains('open')))) {
    hands.clicks++
    await row.locator('.row').click()
  }
  await row.locator('.remedy, .remedies .quiet:not([role])').first().waitFor({ timeout: 60_000 })
  if (await row.locator('.remedy[data-solves="true"]').count()) return 'solves'
  return (await row.locator('small').count()) ? 'proven' : 'nothing'
}

describe.skipIf(noServer)("a town's problems", () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('task: find and solve all problems of a town, one by one', { timeout: 300_000 }, async () => {
    const { head, large } = await troubled()
    const { page, complaints } = await atDraft(head.id)
    const before = solvable((await opened(head.id)).problems)
    expect(before.map((p) => p.id)).toContain('over:' + large)
    expect(before.some((p) => p.kind === 'unassigned')).toBe(true)
    const hands = new Hands(page)
    await hands.press('Alt+2')
    const proven = new Set<string>()
    for (let n = 0; n < 60; n++) {
      const next = solvable((await opened(head.id)).problems).find((p) => !proven.has(p.id))
      if (!next) break
      const offered = await look(page, hands, next.id)
      expect(offered, next.text.zh).not.toBe('nothing')
      if (offered === 'proven') {
        proven.add(next.id)
        continue
      }
      const revision = (await opened(head.id)).head.revision
      await hands.click(`li[data-problem="${next.id}"] .remedy[data-solves="true"]`)
      await expect.poll(async () => (await opened(head.id)).head.revision, { timeout: 30_000 }).toBeGreaterThan(revision)
      await saved(page)
      await page.locator(`li[data-problem="${next.id}"]`).waitFor({ state: 'detached' })
      proven.clear() // what was shown was shown of the draft as it stood
    }
    const left = solvable((await opened(head.id)).problems)
    hands.report(`find and solve all problems of a town one by one (${before.length} → ${left.length}, of which shown to be impossible: ${proven.size})`)
    expect(left.map((p) => p.id).toSorted()).toEqual([...proven].toSorted())
    expect(left.filter((p) => p.forbids || p.kind === 'over' || p.kind === 'under')).toEqual([])
    await picture(page, 'plansolve-end-1366x768')
    expect(complaints).toEqual([])
  })

  test('task: solve all problems of a town at once, looked at first, taken back as one', { timeout: 240_000 }, async () => {
    const { head } = await troubled()
    const { page, complaints } = await atDraft(head.id, 'planner', { width: 1920, height: 1080, map: true })
    const [before, was] = [solvable((await opened(head.id)).problems), await gridsOf(head.id)]
    const hands = new Hands(page)
    await hands.press('Alt+2')
    // How far it is shows, and it is called off.
    const broken = page.waitForEvent('requestfailed', { predicate: (r) => r.url().endsWith('/solution') })
    await hands.click('#solve')
    await page.locator('#solving [role=status]').getByText(new RegExp(`已看 \\d+ / ${before.length} 个问题`)).waitFor()
    expect(await page.locator('#solving progress').getAttribute('max')).toBe(String(before.length))
    expect(await page.locator('#solving').innerText()).toMatch(/已用 \d+ 秒/)
    await page.screenshot({ path: 'screenshots/plansolve-progress-1920x1080.png' })
    await hands.click('#solve-stop')
    await broken
    await page.locator('#solving').waitFor({ state: 'detached' })
    expect([await gridsOf(head.id), await page.locator('#outlook').count()]).toEqual([was, 0])
    await hands.click('#solve')
    await page.locator('#outlook, #hint.warn').first().waitFor({ timeout: 90_000 })
    expect(await page.locator('#hint.warn').allInnerTexts()).toEqual([])
    const promised = Number((await page.locator('#outlook h2').innerText()).match(/可解决 (\d+) 个/)![1])
    expect(await gridsOf(head.id)).toEqual(was) // it is only shown
    expect(await faults(page)).toEqual([])
    await picture(page, 'plansolve-outlook-1920x1080')
    await hands.click('#solve-drop')
    expect(await page.locator('#outlook').count()).toBe(0)
    await hands.click('#solve')
    await page.locator('#solve-take').waitFor({ timeout: 90_000 })
    // Somebody changes what it is about: what was shown can't be taken then, and can when that was undone.
    await acted(head.id, { kind: 'undo' })
    await page.locator('#outdated').waitFor()
    expect(await page.locator('#solve-take').count()).toBe(0)
    await page.locator('#solve-anew').waitFor()
    expect(await faults(page)).toEqual([])
    await picture(page, 'plansolve-outdated-1920x1080')
    await acted(head.id, { kind: 'redo' })
    await page.locator('#outdated').waitFor({ state: 'detached' })
    await hands.click('#solve-take')
    await page.locator('#hint').getByText(`一并解决 ${promised} 个问题`).waitFor({ timeout: 90_000 })
    await saved(page)
    let left = solvable((await opened(head.id)).problems)
    hands.report(`solve all problems of a town at once (${before.length} → ${left.length}), shown, dropped, shown again, taken`)
    expect(before.length - left.length).toBe(promised)
    await page.keyboard.press('Control+z')
    await expect.poll(() => gridsOf(head.id)).toEqual(was)
    await page.keyboard.press('Control+Shift+z')
    await expect.poll(async () => solvable((await opened(head.id)).problems).length).toBe(left.length)
    // It looks for some seconds: on a slow machine what it didn't come to is solved by asking again.
    for (let i = 0; i < 4 && left.length > 1; i++) {
      await hands.click('#solve')
      await page.locator('#outlook, #hint.warn').first().waitFor({ timeout: 90_000 })
      if (!(await page.locator('#solve-take').count())) break
      await hands.click('#solve-take')
      await saved(page)
      await expect.poll(async () => solvable((await opened(head.id)).problems).length).toBeLessThan(left.length)
      left = solvable((await opened(head.id)).problems)
    }
    for (const p of left) expect(await look(page, hands, p.id), p.text.zh).toBe('proven')
    await picture(page, 'plansolve-proof-1920x1080')
    expect(complaints).toEqual([])
  })

  test('a street in no grid is named, gone to, and given to who lies beside it', { timeout: 120_000 }, async () => {
    const head = await asDrawn()
    const board = await boardOf(head.id)
    const { left, right, m } = board.t
    const all = await ground(head.id)
    const arcs = all.communities.flatMap((c) => c.arcs)
    // A street with a name through the middle of one grid.
    const arc = arcs.find((a) => a.n && /[路街巷]$/.test(a.n) && a.l && a.r && board.keyOf(board.t.indexOf.get(a.l)!) === board.keyOf(board.t.indexOf.get(a.r)!) && !board.find(board.keyOf(board.t.indexOf.get(a.l)!))!.special)!
    expect([left.length, right.length]).toEqual([m, m])
    await acted(head.id, { kind: 'assign', blocks: [arc.l, arc.r], grid: '' })
    const { page, complaints } = await atDraft(head.id, 'planner', { map: true })
    const hands = new Hands(page)
    await hands.press('Alt+2')
    const row = page.locator('li[data-kind="street"]').filter({ hasText: arc.n! })
    await row.waitFor()
    expect(await row.innerText()).toMatch(new RegExp(`道路未划入\\s*\\S+：${arc.n}.*有 [\\d,]+ 米不在任何网格中`))
    const was = new URL(page.url()).hash
    hands.clicks++
    await row.locator('.row').click()
    await page.waitForFunction((h) => location.hash !== h, was)
    await row.locator('.remedy[data-solves="true"]').first().waitFor({ timeout: 30_000 })
    expect(await faults(page)).toEqual([])
    await picture(page, 'plansolve-street-1366x768')
    hands.clicks++
    await row.locator('.remedy[data-solves="true"]').first().click()
    await saved(page)
    await row.waitFor({ state: 'detached' })
    hands.report('a street in no grid: found, gone to, given to a neighbour')
    expect((await opened(head.id)).problems.filter((p) => p.kind === 'street' || p.kind === 'unassigned')).toEqual([])
    expect(complaints).toEqual([])
  })
})
