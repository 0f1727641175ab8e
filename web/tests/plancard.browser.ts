// What the workspace says of single grids: those that can't be helped, which community they are of, who works in them and what they border on.

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DraftGrid } from '../src/api/drafts'
import type { GridPosts, PostPage } from '../src/api/shapes'
import { faults } from './axe'
import { figures, leave, noServer, picture, start, stop } from './browser'
import { demo, fresh, must } from './people'
import { acted, atDraft, begun, opened, rowOf } from './plan'

const postsOf = async (code: string): Promise<GridPosts> => ((await must('planner', 'GET', `/api/posts?division=${code}`)) as PostPage).posts[0]!
const card = (page: Page) => page.locator('#panel-grid')
const post = (page: Page, which: string) => card(page).locator(`[data-post=${which}]`)

async function pick(page: Page, label: string, name: string) {
  await page.getByRole('combobox', { name: label }).fill(name)
  await page.getByRole('option', { name: new RegExp(name) }).click()
}

/** An ordinary live grid of a community that other tests leave alone, and a village that is one grid. */
function grounds(all: readonly DraftGrid[]): { plain: DraftGrid; village: DraftGrid[] } {
  const own = demo('grid-worker').code.slice(0, 12)
  const village = all.filter((g) => g.band === 'single')
  return { plain: all.find((g) => g.community !== own && g.community !== village[0]!.community && !g.special && g.key.length === 15)!, village }
}

describe.skipIf(noServer)('single grids', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('grids that can’t be helped stand under the sentence that says why, quietly, and lead there; the community is named; one figure in band', { timeout: 180_000 }, async () => {
    const head = await begun()
    const d = await opened(head.id)
    const { village } = grounds(d.grids)
    const name = d.communities.find((c) => c.code === village[0]!.community)!.name
    // Fewer people than one grid should have, in two grids: whatever is done, they are under.
    const parts = (await acted(head.id, { kind: 'split', grid: village[0]!.key, into: 2 })).grids.filter((g) => g.blocks > 0)
    expect(parts.map((g) => g.band)).toEqual(['infeasible', 'infeasible'])
    const { page, complaints } = await atDraft(head.id)
    await page.keyboard.press('Alt+2')
    const problem = page.locator(`li[data-problem="infeasible:${village[0]!.community}"]`)
    expect(await problem.innerText()).toContain(name + '：')
    const strays = problem.locator('[data-astray]')
    expect((await strays.evaluateAll((all) => all.map((b) => (b as HTMLElement).dataset.astray))).toSorted()).toEqual(parts.map((g) => g.key).toSorted())
    for (const g of parts) {
      expect(await problem.locator(`[data-astray="${g.key}"]`).innerText()).toMatch(new RegExp(`${g.residents}.*不足`, 's'))
      expect(await rowOf(page, g.key).locator('.band').innerText()).toBe('▽ 不足')
    }
    // They are no problems of their own: the list has what the server has, and none of them is over or under.
    const told = (await opened(head.id)).problems
    expect(Number(await page.locator('#tab-problems em').innerText())).toBe(told.length)
    expect(told.filter((p) => (p.kind === 'over' || p.kind === 'under') && p.community === village[0]!.community)).toEqual([])
    expect(await faults(page)).toEqual([])
    const far = parts.find((g) => g.key !== village[0]!.key)!
    const was = new URL(page.url()).hash
    await strays.and(page.locator(`[data-astray="${far.key}"]`)).click()
    await page.waitForFunction((h) => location.hash !== h, was)
    expect(await rowOf(page, far.key).getAttribute('class')).toContain('on')
    expect(await problem.evaluate((li) => li.classList.contains('open'))).toBe(true)
    await picture(page, 'plancard-strays-1366x768')
    // What other problems, and the journal, say of a grid names its community.
    for (const p of told) expect(p.text.zh).toContain(d.communities.find((c) => c.code === p.community)!.name)
    await page.keyboard.press('Alt+3')
    await page.locator('#journal li').filter({ hasText: `${name} ${village[0]!.key.slice(-3)} 拆分为 2 个` }).waitFor()
    // The share in band is said with its meaning; without the split it is the live layout's.
    await page.keyboard.press('Control+z')
    await page.locator('#undo[aria-disabled="true"]').waitFor()
    const f = await figures(head.division.code)
    const share = page.locator('#share')
    expect(await share.getAttribute('data-within')).toBe(String(f.in_band))
    expect(await share.getAttribute('data-of')).toBe(String(f.grids - f.special_grids))
    await share.hover()
    await page.getByRole('tooltip').getByText('专属网格不计').waitFor()
    expect(complaints).toEqual([])
  })

  test('task: assign a worker with a substitute from the card, put 四至 right; what is only in the draft says why not yet', { timeout: 180_000 }, async () => {
    const head = await begun()
    const d = await opened(head.id)
    const { plain, village } = grounds(d.grids)
    const before = await postsOf(plain.key)
    const [name, stand] = ['试甲' + fresh('').slice(-3), '试乙' + fresh('').slice(-3)]
    for (const n of [name, stand]) await must('planner', 'POST', '/api/responders', { kind: 'grid-worker', name: n, phone: '19999994711', division: plain.community })
    const made = (await acted(head.id, { kind: 'split', grid: village[0]!.key, into: 2 })).grids.find((g) => g.key.startsWith('new-'))!
    const { page, complaints } = await atDraft(head.id, 'planner', { width: 1920, height: 1080 })
    await rowOf(page, plain.key).locator('button.pick').click()
    await post(page, 'leader').waitFor()
    await post(page, 'worker').getByRole('button', { name: /派/ }).click()
    if (before.worker.holder) await card(page).getByRole('button', { name: '换一个' }).first().click()
    await pick(page, '人员', name)
    await card(page).getByLabel('有人替班').setChecked(true)
    if (before.worker.holder?.substitute) await card(page).getByRole('button', { name: '换一个' }).last().click()
    await pick(page, '替班人', stand)
    const later = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)
    await card(page).getByLabel('替班至（含）').fill(later)
    await card(page).getByRole('button', { name: '保存' }).click()
    await post(page, 'worker').getByText(`现由 ${stand} 替班，至 ${later}`).waitFor()
    const now = await postsOf(plain.key)
    expect([now.worker.holder?.name, now.worker.holder?.substitute?.name]).toEqual([name, stand])
    // 四至, as on the card of the live layout; put right by hand.
    const sides = page.locator('#sides')
    const live = (await must('planner', 'GET', '/api/grids/' + plain.key)) as { surroundings: { text_zh: string } }
    await sides.getByText(live.surroundings.text_zh, { exact: true }).waitFor()
    await sides.getByRole('button', { name: '更正四至' }).click()
    await page.getByLabel('四至（中文）').fill('东至老槐树，西至河。')
    await sides.getByRole('button', { name: '保存' }).click()
    await sides.getByText('东至老槐树，西至河。', { exact: true }).waitFor()
    expect(((await must('planner', 'GET', '/api/grids/' + plain.key)) as typeof live).surroundings.text_zh).toBe('东至老槐树，西至河。')
    expect(await faults(page)).toEqual([])
    await picture(page, 'plancard-staff-1920x1080')
    // A grid that is in the draft alone.
    await rowOf(page, made.key).locator('button.pick').click()
    await sides.getByText('按草案的边界').waitFor()
    for (const which of ['worker', 'leader']) {
      const button = post(page, which).getByRole('button')
      expect(await button.getAttribute('aria-disabled')).toBe('true')
      await page.mouse.move(900, 600) // off the last one, whose tooltip lies over what is below
      await button.hover()
      await page.getByRole('tooltip').getByText('还只在草案里').waitFor()
    }
    const edit = sides.getByRole('button', { name: '更正四至' })
    expect(await edit.getAttribute('aria-disabled')).toBe('true')
    await edit.hover()
    await page.getByRole('tooltip').getByText('先发布，再更正四至').waitFor()
    await edit.dispatchEvent('click')
    expect(await sides.locator('form').count()).toBe(0)
    await page.mouse.move(900, 600)
    await page.getByRole('tooltip').waitFor({ state: 'hidden' })
    expect(await faults(page)).toEqual([])
    await picture(page, 'plancard-new-1920x1080')
    expect(complaints).toEqual([])
    await must('planner', 'PUT', `/api/grids/${plain.key}/surroundings`, { zh: '' })
    await must('planner', 'PUT', `/api/grids/${plain.key}/posts/worker`, { responder: before.worker.holder?.id ?? '' })
  })
})
