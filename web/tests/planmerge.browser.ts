// Several nets made one in the workspace: the leading one is the layout as exported, the other one a table of blocks with codes of its own, which has
// some blocks elsewhere.

import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FeatureCollection, MultiPolygon } from 'geojson'
import { faults } from './axe'
import { home, leave, noServer, picture, start, stop } from './browser'
import { demo, must } from './people'
import { atDraft, begun, boardOf, ground, Hands, onTheBorder, opened, saved } from './plan'

const layoutOf = async (id: string): Promise<Record<string, string>> => Object.fromEntries((await ground(id)).communities.flatMap((c) => c.blocks.map((b): [string, string] => [String(b.key), b.grid])))

describe.skipIf(noServer)('several nets', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('task: two nets are made one; where they disagree is decided, the crosswalk kept, and one undo takes it back', { timeout: 240_000 }, async () => {
    const head = await begun()
    const board = await boardOf(head.id)
    const before = await layoutOf(head.id)
    const got: unknown = await must('planner', 'GET', `/api/export/grids.geojson?division=${await home()}`)
    const net = (typeof got === 'string' ? JSON.parse(got) : got) as FeatureCollection<MultiPolygon>
    // In the leading net one grid is a market: kinds are taken over too.
    const { block: stray, from: b, to: a } = await onTheBorder(head.id, board, demo('grid-worker').code)
    const market = board.slots.find((s) => s.blocks && !s.special && s.key !== a && s.key !== b && s.key !== demo('grid-worker').code)!.key
    net.features.find((f) => f.properties!.code === market)!.properties!.special = 'market'
    // The police have a block of b in their grid of a.
    const people = board.t.residents[stray]!
    const moved = new Set([String(board.t.keys[stray]!)])
    const police = (code: string) => 'JW-' + code.slice(-6)
    const table = 'block,grid\r\n' + Object.entries(before).map(([block, code]) => `${block},${police(moved.has(block) ? a : code)}\r\n`).join('')

    const { page, complaints } = await atDraft(head.id, 'planner', { map: true })
    const hands = new Hands(page)
    await hands.click('#import-open')
    await page.locator('#import input[type=file]').first().setInputFiles({ name: '综治.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify(net)) })
    await page.locator('#import[data-is="laid"]').waitFor({ timeout: 60_000 })
    await page.locator('#several input[type=file]').setInputFiles({ name: '警务.csv', mimeType: 'text/csv', buffer: Buffer.from(table) })
    hands.clicks += 2
    await page.locator('#several .bar').getByText(`不一致 1 处，${people} 人`).waitFor({ timeout: 60_000 })
    const row = page.locator('#several tr[data-pair]')
    expect(await row.count()).toBe(1)
    const words = (await row.locator('.whose').allInnerTexts()).join(' | ')
    expect(words).toContain(police(a))
    expect(await row.locator('[aria-pressed="true"]').count()).toBe(1) // the leading net's word holds
    expect(await page.locator('#import .sum').innerText()).not.toContain('改变') // so far nobody gets another grid
    await page.locator('#import').getByText('1 个网格的专属类别按文件').waitFor()
    expect(await faults(page)).toEqual([])
    await picture(page, 'planmerge-apart-1366x768')
    // It is decided for the police.
    await row.locator('.whose').nth(1).click()
    hands.clicks++
    await page.locator('#import .sum').getByText(`${people} 人`).waitFor({ timeout: 60_000 })
    expect(await row.locator('.whose').nth(1).getAttribute('aria-pressed')).toBe('true')
    expect(await layoutOf(head.id)).toEqual(before) // nothing is written yet
    const csv = page.waitForEvent('download')
    await hands.click('[data-crosswalk="csv"]')
    const text = readFileSync(await (await csv).path(), 'utf8')
    expect(text).toContain('net,code,name,grid')
    const line = text.split(/\r?\n/).map((l) => l.split(',')).find((l) => l[0] === '警务' && l[1] === police(a) && l[3] === a)!
    expect(Number(line[6])).toBe(board.find(a)!.residents + people)
    const xlsx = page.waitForEvent('download')
    await hands.click('[data-crosswalk="xlsx"]')
    expect(readFileSync(await (await xlsx).path()).subarray(0, 2).toString()).toBe('PK')
    await hands.click('#take-net')
    await page.locator('#import[data-is="taken"]').waitFor({ timeout: 60_000 })
    await saved(page)
    hands.report('two nets made one: one disagreement decided, the crosswalk kept as CSV and XLSX, taken')
    const after = await layoutOf(head.id)
    for (const [block, code] of Object.entries(before)) expect(after[block], block).toBe(moved.has(block) ? a : code)
    expect((await opened(head.id)).grids.find((g) => g.key === market)!.special).toBe('market')
    await page.keyboard.press('Control+z')
    await expect.poll(() => layoutOf(head.id)).toEqual(before)
    expect((await opened(head.id)).grids.find((g) => g.key === market)!.special).toBe('')
    expect(complaints).toEqual([])
  })

  test('which net leads, and one too many is taken out again', { timeout: 120_000 }, async () => {
    const head = await begun()
    const before = await layoutOf(head.id)
    const table = (name: string, prefix: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from('block,grid\r\n' + Object.entries(before).map(([block, code]) => `${block},${prefix}${code.slice(-6)}\r\n`).join('')) })
    const { page, complaints } = await atDraft(head.id, 'planner', { width: 1920, height: 1080 })
    await page.locator('#import-open').click()
    await page.locator('#import input[type=file]').first().setInputFiles(table('综治.csv', 'ZZ-'))
    await page.locator('#import[data-is="laid"]').waitFor({ timeout: 60_000 })
    await page.locator('#several input[type=file]').setInputFiles([table('警务.csv', 'JW-'), table('城管.csv', 'CG-')])
    await page.locator('#several').getByText('各网划法一致').waitFor({ timeout: 60_000 })
    expect(await page.locator('#several .nets li').count()).toBe(3)
    await page.locator('#several .nets li').nth(2).locator('input').check()
    await page.locator('#several .nets li').nth(2).getByText('主网').waitFor()
    await page.locator('#several .bar input').check()
    await page.locator('#several thead th').first().getByText('城管').waitFor({ timeout: 60_000 })
    await page.locator('#several tbody').getByText('CG-').first().waitFor()
    await page.screenshot({ path: 'screenshots/planmerge-three-1920x1080.png' })
    await page.locator('#several .nets li').nth(1).getByRole('button').click()
    await expect.poll(() => page.locator('#several .nets li').count()).toBe(2)
    await page.locator('#several').getByText('各网划法一致').or(page.locator('#several tbody')).first().waitFor({ timeout: 60_000 })
    // A file that is no net is told by its name.
    await page.locator('#several input[type=file]').last().setInputFiles({ name: '坏.geojson', mimeType: 'application/geo+json', buffer: Buffer.from('{}') })
    await page.locator('#import [role=alert]').getByText('坏.geojson').waitFor({ timeout: 60_000 })
    expect(complaints.filter((c) => !c.includes('422') && !c.includes('400'))).toEqual([])
  })
})
