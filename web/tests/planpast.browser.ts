// "What became of grid …005003?": a code of years ago is looked up, and leads to the grids that its people are in today.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { faults } from './axe'
import { grid as live, home, leave, noServer, picture, start, stop, visit } from './browser'
import { demo, must, send } from './people'
import { acted, atDraft, begun, boardOf, Hands, opened, pairAbout, ready } from './plan'

interface History {
  retired?: { version: number }
  today: { code: string; residents: number; share: number }[]
  steps: { version: number; gives: { code: string; residents: number }[] }[]
}

describe.skipIf(noServer)('what became of a grid', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  /** Merges a grid into its neighbour and publishes, then divides that one again, and publishes that. */
  async function retired(): Promise<{ code: string; people: number; into: string }> {
    const first = await begun()
    const board = await boardOf(first.id)
    const [a, b] = pairAbout(board, 1000, demo('grid-worker').code)
    const { grids } = await acted(first.id, { kind: 'merge', grids: [a, b] })
    const into = grids.find((g) => g.blocks > 0)!.key
    const code = into === a ? b : a
    await must('planner', 'POST', `/api/drafts/${first.id}/publish`, { note: '合并过小的网格' })
    const second = await begun()
    await acted(second.id, { kind: 'split', grid: into, into: 2 })
    await must('planner', 'POST', `/api/drafts/${second.id}/publish`, { note: '重新拆分' })
    return { code, people: board.find(code)!.residents, into }
  }

  test('task: what became of a code that isn’t there any more', { timeout: 180_000 }, async () => {
    const { code, people, into } = await retired()
    expect((await send('leader', 'GET', '/api/grids/' + code)).status).toBe(404)
    const { page, complaints } = await visit({ map: true, width: 1366, height: 768 })
    const hands = new Hands(page)
    await hands.press('/')
    await page.keyboard.type(code)
    const hit = page.locator('#hits [role=option]').first()
    await hit.getByText('已撤销').waitFor()
    await hands.press('Enter')
    const became = page.locator('#panel #became')
    await became.waitFor()
    hands.report('what became of a retired grid')
    expect(hands.clicks + hands.keys).toBeLessThanOrEqual(3)
    // Its people are all told of, and by no more and no fewer than there are.
    const rows = await became.locator('[data-heir]').evaluateAll((all) => all.map((li) => [(li as HTMLElement).dataset.heir!, Number(li.querySelector('span')!.textContent!.split('人')[0]!.replace(/\D/g, ''))] as const))
    expect(rows.reduce((n, [, p]) => n + p, 0)).toBe(people)
    const history = (await must('leader', 'GET', `/api/grids/${code}/history`)) as History
    expect(rows).toEqual(history.today.map((t) => [t.code, t.residents]))
    expect(history.today.reduce((n, t) => n + t.share, 0)).toBeCloseTo(1)
    expect(history.steps.at(-1)!.gives.map((g) => [g.code, g.residents])).toEqual([[into, people]])
    await page.locator('#panel .steps').getByText('合并过小的网格').waitFor()
    expect(await faults(page)).toEqual([])
    await picture(page, 'planpast-1366x768')
    // And each of them can be gone to, with a history of its own.
    const [heir] = rows[0]!
    await became.locator(`[data-heir="${heir}"] button`).click()
    await page.locator('#panel .residents').waitFor()
    expect(await page.locator('#code').getAttribute('aria-label')).toBe(heir)
    expect(await page.locator('#panel .residents b').innerText()).toBe((await live(heir)).residents.toLocaleString('zh-CN'))
    await page.locator('#panel summary').click()
    await page.locator('#panel .steps').getByText('重新拆分').waitFor()
    expect(complaints.filter((c) => !c.includes('404'))).toEqual([])
  })

  test('a draft of a division whose ground was published meanwhile says so; a code that never was is told apart', async () => {
    const town = await home()
    const { page } = await visit({ map: true, hash: `#grid=${town}001999` })
    await page.locator('#panel').getByText('没有这个网格').waitFor()
    expect(await page.locator('#panel').innerText()).toContain('从未使用过')
    const head = await begun()
    const { code } = await retired()
    expect((await opened(head.id)).head.live).toBeGreaterThan(head.base)
    const asked = await send('planner', 'POST', `/api/drafts/${head.id}/acts`, { revision: 0, kind: 'rename', grid: code, name: '甲' })
    expect(asked.status).toBe(409)
    expect((await opened(head.id)).head.revision).toBe(0)
  })

  test('a version is chosen by its day and what it was for: to compare with, to export, to begin with', { timeout: 180_000 }, async () => {
    const { code } = await retired()
    const head = await begun()
    const known = (await must('planner', 'GET', `/api/divisions/${head.division.code}/versions`)).versions as { version: number; at: string; by: string; note: string; live: boolean }[]
    expect([known[0]!.version, known[0]!.live, known[0]!.note, known[1]!.note]).toEqual([head.live, true, '重新拆分', '合并过小的网格'])
    const before = known[2]!
    const { page, complaints } = await atDraft(head.id)
    const hands = new Hands(page)
    await page.keyboard.press('Alt+4')
    await page.locator('.top > select').selectOption('version')
    const pick = page.getByRole('combobox', { name: '某一版' })
    await pick.locator('option', { hasText: '合并过小的网格' }).first().waitFor({ state: 'attached' })
    await pick.selectOption(String(before.version))
    const about = page.locator('[data-version]')
    await about.getByText(before.by).waitFor()
    // Against the version before both: the grid that is gone since is among what changed.
    await page.locator(`#changes tr.grid[data-before="${code}"]`).waitFor() // its ground has another code now, or lies in other grids
    expect(await faults(page)).toEqual([])
    await picture(page, 'planpast-compare-1366x768')
    await hands.click('#export')
    const box = page.locator('.box[role=group]')
    await box.getByLabel('版本').selectOption(String(known[1]!.version))
    await box.locator('[data-version]').getByText('合并过小的网格').waitFor()
    expect(await box.locator('[data-file="grids.geojson"]').first().getAttribute('href')).toContain(`version=${known[1]!.version}`)
    expect(await faults(page)).toEqual([])
    await picture(page, 'planpast-export-1366x768')
    expect(complaints).toEqual([])

    const list = (await visit({ as: 'planner', path: 'plan', width: 1920, height: 1080 })).page
    await list.locator('header .button.primary').click()
    const form = list.locator('form.card')
    await form.getByText('从某一版布局开始').click()
    await form.locator('.buttons .primary').click()
    await form.locator('.fault').getByText('请选择版本').waitFor() // nothing is begun without one
    await form.getByLabel('历史版本').last().selectOption(String(before.version))
    await form.locator('[data-version]').getByText(before.by).waitFor()
    expect(await faults(list)).toEqual([])
    await list.screenshot({ path: 'screenshots/planpast-begin-1920x1080.png' })
    await form.locator('.buttons .primary').click()
    await ready(list)
    const id = new URL(list.url()).hash.match(/draft=([\d-]+)/)![1]!
    const again = await opened(id)
    expect(again.grids.find((g) => g.key === code)?.blocks ?? 0).toBeGreaterThan(0) // the grid that had gone is there again
  })
})
