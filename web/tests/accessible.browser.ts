// WCAG 2.2 AA as far as a program can tell, in every state of the page, in both languages, on three sizes.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { grids, home, leave, noServer, start, stop, visit } from './browser'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found = (await page.evaluate(() =>
    (window as unknown as { axe: { run(o: object): Promise<unknown> } }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  )) as AxeResults
  return found.violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`))
}

describe.skipIf(noServer)('axe finds nothing', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  const states: [string, string, (page: Page) => Promise<void>][] = [
    ['at first', '', async () => {}],
    ['in English', '#lang=en', async () => {}],
    ['with the list of grids open', '', (page) => page.getByRole('button', { name: /^网格/ }).first().click()],
    ['with the facts about streets open', '', (page) => page.getByRole('button', { name: /^无网格街道/ }).click()],
    ['with the layers open', '#mode=population', (page) => page.getByRole('button', { name: '图层' }).click()],
    ['with the shortcuts open', '', (page) => page.keyboard.press('?')],
    [
      'with results of a search',
      '',
      async (page) => {
        await page.keyboard.press('/')
        await page.keyboard.type((await home()).slice(0, 6))
        await page.getByRole('option').first().waitFor()
      },
    ],
    ['with the divisions below open', '', (page) => page.getByRole('navigation').getByRole('button').last().click()],
  ]
  test.each(states)('%s', async (_, hash, act) => {
    const { page } = await visit({ hash })
    await page.getByRole('button', { name: /^(居民|Residents)/ }).waitFor()
    await act(page)
    await page.waitForTimeout(300)
    expect(await faults(page)).toEqual([])
  })

  test.each([
    [1366, 768, 'zh'],
    [1920, 1080, 'en'],
    [390, 844, 'zh'],
  ])('with a grid selected at %i × %i in %s', async (width, height, lang) => {
    const [g] = await grids(await home())
    const { page } = await visit({ hash: `#grid=${g!.code}&lang=${lang}`, width, height })
    await page.locator('#panel').getByText(lang === 'zh' ? '四至' : 'What it borders on').waitFor()
    expect(await faults(page)).toEqual([])
  })
})
