// Grid maps in and files out of the workspace. The map with 12 overlaps and 3 gaps is the server's own GeoJSON with its borders bent, written
// as a Shapefile.

import type { Page } from 'playwright-core'
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FeatureCollection, MultiPolygon } from 'geojson'
import { faults } from './axe'
import { home, leave, noServer, picture, start, stop, visit } from './browser'
import { must } from './people'
import { atDraft, begun, Hands, opened, ground, ready, saved } from './plan'
import { flawed } from './planfile'
import { shapefile } from './shapefile'

type Grids = FeatureCollection<MultiPolygon>

const exported = async (): Promise<Grids> => {
  const got: unknown = await must('planner', 'GET', `/api/export/grids.geojson?division=${await home()}`)
  return (typeof got === 'string' ? JSON.parse(got) : got) as Grids
}
const asFile = (name: string, body: object) => ({ name, mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify(body)) })
const importIs = (page: Page, is: string) => page.locator(`#import[data-is="${is}"]`).waitFor({ timeout: 60_000 })

/** Which grid each block is in. */
async function layoutOf(id: string): Promise<Record<string, string>> {
  return Object.fromEntries((await ground(id)).communities.flatMap((c) => c.blocks.map((b): [string, string] => [String(b.key), b.grid])))
}

describe.skipIf(noServer)('grid maps in and out', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test("last year's map with 12 overlaps and 3 gaps ends as a clean layout, and one undo takes it back", { timeout: 300_000 }, async () => {
    const { net, overlaps, gaps } = flawed(await exported(), 12, 3)
    expect([overlaps, gaps]).toEqual([12, 3])
    net.features[3]!.properties!.code = net.features[2]!.properties!.code as string // and one code stands twice
    net.features[6]!.properties!.name = '东头网格'
    const head = await begun()
    const before = await layoutOf(head.id)
    const { page, complaints } = await atDraft(head.id, 'planner', { map: true })
    const hands = new Hands(page)
    await hands.click('#import-open')
    hands.clicks++
    await page.locator('#import .file input[type=file]').setInputFiles({ name: '去年网格.zip', mimeType: 'application/zip', buffer: shapefile(net, '去年网格', [['code', 15], ['name', 60]]) })
    await importIs(page, 'laid')
    const kinds = (kind: string) => page.locator(`[data-flaw="${kind}"]`).count()
    expect(await kinds('overlap')).toBeGreaterThanOrEqual(12)
    expect(await kinds('gap')).toBeGreaterThanOrEqual(3)
    // A flaw is gone to; the map says where it is.
    const was = new URL(page.url()).hash
    await hands.click('[data-flaw="overlap"]')
    await page.waitForFunction((h) => location.hash !== h, was)
    expect(await page.locator('.plan-sketch .line').getAttribute('d')).not.toBe('')
    expect(await faults(page)).toEqual([])
    await picture(page, 'planfile-found-1366x768')
    // What a person must decide can't be passed over.
    let decided = 0
    for (let i = 0; i < 60 && (await page.locator('[data-decision]').count()) > 0; i++) {
      expect(await page.locator('#take-net').getAttribute('aria-disabled')).toBe('true')
      await page.locator('#take-net').click({ force: true })
      expect(await layoutOf(head.id)).toEqual(before)
      await page.locator('[data-decision]:not(.done) .way').first().click()
      hands.clicks++
      decided++
      await importIs(page, 'laid')
    }
    await hands.click('#take-net')
    await importIs(page, 'taken')
    await saved(page)
    const clean = await opened(head.id)
    expect(clean.problems.filter((p) => p.kind === 'unassigned' || p.kind === 'disconnected')).toEqual([])
    const after = await layoutOf(head.id)
    expect(Object.values(after).filter((g) => g === '')).toEqual([])
    expect(clean.undo).not.toBeNull()
    hands.report(`import a map with ${overlaps} overlaps and ${gaps} gaps (a Shapefile), one code twice, ${decided} decisions`)
    await picture(page, 'planfile-taken-1366x768')
    await page.locator('#undo').click()
    await expect.poll(() => layoutOf(head.id)).toEqual(before)
    await page.locator('#redo').click()
    await expect.poll(() => layoutOf(head.id)).toEqual(after)
    await page.getByRole('button', { name: '采用文件中的名称' }).click()
    await expect.poll(async () => (await opened(head.id)).grids.map((g) => g.name)).toContain('东头网格')
    expect(complaints).toEqual([])
  })

  test.each([
    ['grids.geojson', 'wgs84'],
    ['grids.shp.zip', 'epsg'], // in metres of the plane in use there
  ])('%s in %s exported and imported again changes nothing', { timeout: 180_000 }, async (name, system) => {
    const head = await begun()
    const before = await layoutOf(head.id)
    const { page, complaints } = await atDraft(head.id)
    await page.locator('#export').click()
    expect(await faults(page)).toEqual([])
    await page.screenshot({ path: 'screenshots/planfile-export-1366x768.png' })
    const systems = page.locator('.box.card select').nth(1)
    await systems.selectOption((await systems.locator('option').evaluateAll((all) => all.map((o) => (o as HTMLOptionElement).value))).find((v) => v.startsWith(system))!)
    const coming = page.waitForEvent('download')
    await page.locator(`[data-file="${name}"]`).click()
    const file = readFileSync(await (await coming).path())
    expect(file.length).toBeGreaterThan(10_000)
    await page.keyboard.press('Escape')
    expect(await page.locator('#export').getAttribute('aria-expanded')).toBe('false')
    await page.locator('#import-open').click()
    await page.locator('#import .file input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: file })
    await importIs(page, 'laid')
    expect(await page.locator('[data-decision]').count()).toBe(0)
    expect(await page.locator('#import .sum').innerText()).toContain('完全一致')
    expect(await page.locator('#take-net').getAttribute('aria-disabled')).toBe('true')
    expect(await layoutOf(head.id)).toEqual(before)
    // Another panel puts it aside, and it is there again.
    await page.keyboard.press('Alt+2')
    await page.locator('#problems').waitFor({ state: 'attached' })
    await page.locator('#import-open').click()
    await importIs(page, 'laid')
    expect(complaints).toEqual([])
  })

  test('a draft is begun from a file, by keys, and a wrong file is told', { timeout: 180_000 }, async () => {
    const { page, complaints } = await visit({ as: 'planner', path: 'plan', width: 1920, height: 1080, before: (p) => p.addInitScript(() => localStorage.setItem('jingwei.plan.tour', '1')) })
    await page.getByRole('heading', { name: /草案/ }).first().waitFor()
    if (!(await page.locator('form.card').isVisible())) await page.getByRole('button', { name: '新建草案' }).click()
    await page.locator('input[type=radio][value=file]').focus()
    await page.keyboard.press('Space')
    await page.locator('form.card .button.primary').click()
    await page.getByText('请选择文件').waitFor()
    await page.locator('form.card input[type=file]').setInputFiles({ name: '空.geojson', mimeType: 'application/geo+json', buffer: Buffer.from('') })
    await page.getByText('这是一个空文件').waitFor()
    await page.locator('form.card input[type=file]').setInputFiles(asFile('网格.geojson', { type: 'FeatureCollection', features: [] }))
    expect(await faults(page)).toEqual([])
    await page.screenshot({ path: 'screenshots/planfile-begin-1920x1080.png' })
    await page.locator('form.card .button.primary').click()
    await ready(page)
    await importIs(page, 'failed')
    expect((await page.locator('#import [role=alert]').innerText()).length).toBeGreaterThan(5)
    await page.locator('#import .file input[type=file]').setInputFiles(asFile('网格.geojson', flawed(await exported(), 6, 2).net))
    await importIs(page, 'laid')
    expect(await faults(page)).toEqual([])
    await picture(page, 'planfile-found-1920x1080')
    // Coordinates in metres: the refusal names the field of this page, and a field that isn't there can be put right.
    const metres = { type: 'FeatureCollection', features: [{ type: 'Feature', properties: { code: '1' }, geometry: { type: 'Polygon', coordinates: [[[39497000, 3920000], [39498000, 3920000], [39498000, 3921000], [39497000, 3920000]]] } }] }
    await page.locator('#import .file input[type=file]').setInputFiles(asFile('米.geojson', metres))
    await importIs(page, 'failed')
    const refusal = await page.locator('#import [role=alert]').innerText()
    expect(refusal).toContain('“坐标系”一栏的 epsg:4527')
    expect(refusal).not.toContain('--')
    await picture(page, 'planfile-refused-1920x1080')
    // A grid is missing: its ground may be given to a neighbour, be a grid of its own, or be left for later.
    const holed = await exported()
    const missing = holed.features.findIndex((f) => (f.properties!.residents as number) > 300)
    const code = String(holed.features[missing]!.properties!.code)
    holed.features.splice(missing, 1)
    await page.locator('#import .file input[type=file]').setInputFiles(asFile('缺一格.geojson', holed))
    await importIs(page, 'laid')
    const leave = page.locator('[data-decision] .way', { hasText: '暂不划入' })
    await leave.first().hover()
    await page.locator('[role=tooltip]').getByText('发布前须划入某个网格').waitFor()
    await page.screenshot({ path: 'screenshots/planfile-leave-1920x1080.png' })
    await page.mouse.move(600, 500)
    expect(await faults(page)).toEqual([])
    for (let i = 0; i < 9 && (await leave.count()) > 0; i++) {
      await page.locator('[data-decision]:not(.done) .way', { hasText: '暂不划入' }).first().click()
      await page.waitForTimeout(300)
      await importIs(page, 'laid')
    }
    await page.locator('#left-out').getByText('暂不划入，发布前须划入某个网格').waitFor()
    await page.locator('#take-net').click()
    await importIs(page, 'taken')
    await saved(page)
    const id = new URL(page.url()).hash.match(/draft=([\d-]+)/)![1]!
    const left = await opened(id)
    expect(left.grids.find((g) => g.key === code)?.blocks ?? 0).toBe(0)
    expect(left.problems.some((p) => p.kind === 'unassigned' && p.forbids)).toBe(true)
    await page.keyboard.press('Alt+5')
    await page.locator('#publish').hover()
    await page.locator('[role=tooltip]').getByText('妨碍发布').waitFor()
    expect(await page.locator('#publish').getAttribute('aria-disabled')).toBe('true')
    expect(complaints.filter((c) => !c.includes('422') && !c.includes('400'))).toEqual([])
  })
})
