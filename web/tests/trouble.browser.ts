// What the page does when something is missing or broken.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { figures, grids, home, leave, noServer, start, stop, visit } from './browser'

describe.skipIf(noServer)('in trouble', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('without data the page says what to run', async () => {
    const { page } = await visit({
      before: async (page) => {
        await page.route('**/api/meta', (route) => route.fulfill({ json: { version: 'x', demo: false, target: 600, tolerance: 0.15 } }))
      },
    })
    await page.getByText('还没有数据').waitFor()
    const commands = await page.locator('code').allTextContents()
    expect(commands.some((c) => c.startsWith('jingwei import divisions'))).toBe(true)
    expect(commands.some((c) => c.startsWith('jingwei import ground'))).toBe(true)
    await page.unroute('**/api/meta') // the import is done
    await page.getByRole('button', { name: /^居民/ }).waitFor()
  })

  test('where no grids are drawn yet the page says how to draw them', async () => {
    const code = await home()
    const f = await figures(code)
    const { page } = await visit({
      before: async (page) => {
        await page.route('**/figures', (route) => route.fulfill({ json: { ...f, grids: 0, residents: 0, version: null, published_at: null } }))
      },
    })
    await page.getByText('这里还没有网格').waitFor()
    expect(await page.locator('code').textContent()).toBe(`jingwei draw --division ${code}`)
  })

  test('of a division whose border is not on record the area is unknown, not nothing', async () => {
    const f = await figures(await home())
    const { page } = await visit({
      before: async (page) => {
        await page.route('**/figures', (route) => route.fulfill({ json: { ...f, area_m2: 0, covered_m2: 0, covered_share: 0, streets_m: 0 } }))
      },
    })
    const figure = page.getByRole('button', { name: /^已覆盖面积/ })
    await figure.waitFor()
    expect(await figure.innerText()).toContain('—')
    await figure.click()
    await page.getByText('没有导入此区划的边界').waitFor()
  })

  test("the server's own words are shown, in the reader's language, and can be tried again", async () => {
    const [g] = await grids(await home())
    const problem = { type: 'urn:jingwei:problem:unavailable', title: 'x', status: 503, code: 'unavailable', detail: '数据库正忙', zh: '数据库正忙', en: 'the database is busy' }
    let broken = true
    const { page } = await visit({
      hash: `#grid=${g!.code}`,
      before: async (page) => {
        await page.route(`**/api/grids/${g!.code}`, (route) =>
          broken ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }) : route.continue(),
        )
      },
    })
    const panel = page.getByRole('complementary', { name: '所选网格' })
    await panel.getByText('数据库正忙').waitFor()
    await page.keyboard.press('l')
    const english = page.getByRole('complementary', { name: 'Selected grid' })
    await english.getByText('the database is busy').waitFor()
    broken = false
    await english.getByRole('button', { name: 'Try again' }).click()
    await english.getByText('What it borders on').waitFor()
  })

  test('a grid that never was is said to be none, and what to look at', async () => {
    const { page } = await visit({ hash: '#grid=999999999999999' })
    await page.getByText('没有这个网格').waitFor()
    await page.getByText('这个编码从未使用过').waitFor()
  })

  test('a server that is gone is said to be, and found again by itself', async () => {
    let gone = false
    const { page } = await visit({
      before: async (page) => {
        await page.route('**/api/**', (route) => (gone ? route.abort('connectionrefused') : route.continue()))
      },
    })
    gone = true
    await page.keyboard.press('/')
    await page.keyboard.type('370')
    const [g] = await grids(await home())
    await page.evaluate((code) => (location.hash = `#grid=${code}`), g!.code)
    await page.getByText('连不上服务器。').first().waitFor()
    gone = false
    await page.getByText('服务器已恢复').waitFor({ timeout: 20_000 })
    await page.getByRole('complementary', { name: '所选网格' }).getByText('四至').waitFor()
  })

  test('a publication by another process shows by itself', async () => {
    const f = await figures(await home())
    let version = 0
    const { page } = await visit({
      before: async (page) => {
        await page.route('**/figures', (route) => route.fulfill({ json: version ? { ...f, version, grids: 4321 } : f }))
      },
    })
    await page.getByRole('button', { name: /^居民/ }).waitFor()
    version = 77
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await page.getByText('网格布局已发布第 77 版').waitFor()
    await page.getByText('4,321').first().waitFor()
  })
})
