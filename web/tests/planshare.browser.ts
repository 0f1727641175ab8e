// A draft between people: shared with a colleague, copied, withdrawn; and how many people of each grid are looked after, which every planner sees about.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { leave, noServer, picture, start, stop } from './browser'
import { enter, made, must, raw } from './people'
import { acted, atDraft, begun, opened, ready, rowOf, saved } from './plan'

describe.skipIf(noServer)('a draft between people', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('is shared with a colleague, who works in it; is taken from them; copied with what it changed; withdrawn, and stays to be looked at', { timeout: 240_000 }, async () => {
    const friend = await made('planner')
    const cookie = await enter(friend)
    const head = await begun()
    const asFriend = (method: string, path: string, body?: unknown) => raw(cookie, method, `/api/drafts/${head.id}${path}`, body)
    const may = async () => ((await asFriend('GET', '')).body as { head: { may: { edit: boolean } } }).head.may.edit
    expect(await may()).toBe(false)

    const { page } = await atDraft(head.id)
    await page.locator('#next').click()
    const shared = page.locator('#flow details')
    await shared.locator('summary').click()
    await shared.locator('input').fill('nobody-of-that-name')
    await shared.getByRole('button').click()
    await page.locator('#flow [role=alert]').getByText('nobody-of-that-name').waitFor()
    expect((await opened(head.id)).head.members).toEqual([])
    await shared.locator('input').fill(friend.name)
    await shared.getByRole('button').click()
    await expect.poll(may).toBe(true)
    await shared.locator('summary').getByText((await opened(head.id)).head.members[0]!.display).waitFor()

    // What the colleague does is on the page of the first, and in the journal under their name.
    const grid = (await opened(head.id)).grids.find((g) => !g.special)!
    const renamed = await asFriend('POST', '/acts', { revision: (await opened(head.id)).head.revision, kind: 'rename', grid: grid.key, name: '同事起的名' })
    expect(renamed.status).toBe(200)
    await rowOf(page, grid.key).getByText('同事起的名').waitFor()
    await shared.locator('input').fill('')
    await shared.getByRole('button').click()
    await expect.poll(may).toBe(false)
    expect((await asFriend('POST', '/acts', { revision: (await opened(head.id)).head.revision, kind: 'rename', grid: grid.key, name: '不让改' })).status).toBe(403)

    // A copy begins with what the draft changed, and goes its own way.
    await page.goto(page.url().replace(/#.*/, ''))
    const row = page.locator(`tr[data-draft="${head.id}"]`)
    await row.getByRole('button', { name: '复制' }).click()
    await page.getByRole('button', { name: '开始规划' }).click()
    await ready(page)
    const copy = /draft=([\d-]+)/.exec(page.url())![1]!
    expect(copy).not.toBe(head.id)
    await rowOf(page, grid.key).getByText('同事起的名').waitFor()
    await acted(copy, { kind: 'rename', grid: grid.key, name: '副本里的名' })
    expect((await opened(head.id)).grids.find((g) => g.key === grid.key)!.name).toBe('同事起的名')

    // Withdrawn: asks once more, then nothing can be changed, and it is still there to be looked at and copied.
    await page.locator('#next').click()
    await page.getByRole('button', { name: '撤回草案' }).click()
    expect((await opened(copy)).head.state).toBe('open')
    await page.getByRole('button', { name: '再点一次撤回' }).click()
    await page.locator('#flow .state.withdrawn').waitFor()
    expect((await opened(copy)).head.state).toBe('withdrawn')
    await page.goto(page.url().replace(/#.*/, ''))
    await page.locator(`tr[data-draft="${copy}"]`).getByText('已撤回').waitFor()
    await page.locator(`tr[data-draft="${copy}"]`).getByRole('button', { name: '查看' }).click()
    await ready(page)
    await rowOf(page, grid.key).getByText('副本里的名').waitFor()
    expect(await page.locator('#undo').count()).toBe(0)
  })

  test('says about how many people of a grid are looked after, and why, and counts anew what changes', { timeout: 180_000 }, async () => {
    const head = await begun()
    const counted = async () => ((await must('planner', 'GET', `/api/drafts/${head.id}/care`)) as { grids: { grid: string; total: number; kinds: Record<string, number> }[] }).grids
    const all = await counted()
    const most = all.toSorted((a, b) => b.total - a.total)[0]!
    expect(most.total).toBeGreaterThan(10)
    const { page } = await atDraft(head.id)
    await rowOf(page, most.grid).locator('button.pick').click()
    const card = page.locator('#care')
    await card.getByText(`约 ${most.total} 人`).waitFor()
    for (const [kind, n] of Object.entries(most.kinds)) expect(await card.locator(`[data-kind="${kind}"]`).innerText()).toContain(String(n))
    await picture(page, 'plan-care-1366')
    await page.setViewportSize({ width: 1920, height: 1080 })
    await rowOf(page, most.grid).locator('td.care').getByText(String(most.total), { exact: true }).waitFor()
    await picture(page, 'plan-care-1920')
    const { key } = (await acted(head.id, { kind: 'split', grid: most.grid, into: 2 })).grids.find((g) => g.blocks > 0 && g.key !== most.grid)!
    const half = (await counted()).find((c) => c.grid === key)!
    await rowOf(page, key).locator('td.care').getByText(half.total ? String(half.total) : '<5', { exact: true }).waitFor()
    await saved(page)
    await page.setViewportSize({ width: 1366, height: 768 })
    await page.getByRole('button', { name: 'English' }).click()
    await rowOf(page, most.grid).locator('button.pick').click()
    await picture(page, 'plan-care-english-1366')
  })
})
