// WCAG 2.2 AA as far as a program can tell, in every state of the page, in both languages, on three sizes.

import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { faults } from './axe'
import { grids, home, leave, noServer, start, stop, visit } from './browser'
import { atDesk, border, live, onto, reported } from './dispatch'
import type { Role } from './people'

describe.skipIf(noServer)('axe finds nothing', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  const states: [string, string, (page: Page) => Promise<void>][] = [
    ['at first', '', async () => {}],
    ['with the list of grids open', '', (page) => page.getByRole('button', { name: /^网格/ }).first().click()],
    ['with the facts about streets open', '', (page) => page.getByRole('button', { name: /^无网格道路/ }).click()],
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
    ['in English', '#lang=en', async () => {}],
  ]
  test('in every state of the map', { timeout: 120_000 }, async () => {
    const { page } = await visit()
    for (const [state, hash, act] of states) {
      await page.evaluate((h) => (location.hash = h), hash)
      await page.getByRole('button', { name: hash === '#lang=en' ? /^Residents/ : /^居民/ }).waitFor()
      await act(page)
      await page.waitForTimeout(300)
      expect(await faults(page), state).toEqual([])
      for (let n = 0; n < 3; n++) await page.keyboard.press('Escape')
    }
  })

  const doors: [string, Role | null, string, (page: Page) => Promise<unknown>][] = [
    ['at the door', null, '', async () => {}],
    [
      'at the door after a refusal',
      null,
      '',
      async (page) => {
        await page.keyboard.press('Enter')
        await page.getByLabel('账号').fill('nobody')
        await page.getByLabel('密码', { exact: true }).fill('wrong')
        await page.keyboard.press('Enter')
        await page.getByRole('alert').waitFor()
      },
    ],
    ['on the map with the menu open', 'auditor', '', (page) => page.getByRole('button', { name: /我的菜单/ }).click()],
    ['on my account', 'auditor', 'account', (page) => page.getByRole('row').nth(1).waitFor()],
    ['on my account, changing the password', 'leader', 'account', (page) => page.getByRole('button', { name: '修改密码' }).click()],
    ['on my account, setting up a second factor', 'leader', 'account', (page) => page.getByRole('button', { name: '开启' }).click()],
    ['on the accounts', 'administrator', 'accounts', (page) => page.getByRole('row').nth(1).waitFor()],
    ['on an account', 'administrator', 'accounts', (page) => page.getByRole('rowheader').first().click()],
    [
      'on an account, giving a role',
      'security-officer',
      'accounts',
      async (page) => {
        await page.getByRole('rowheader', { name: /worker/ }).click()
        await page.getByRole('button', { name: '授予角色' }).click()
        await page.getByRole('combobox', { name: '范围' }).focus()
      },
    ],
    ['with a new account', 'administrator', 'accounts', (page) => page.getByRole('button', { name: '新建账号' }).click()],
    [
      'on the trail with an entry open',
      'auditor',
      'trail',
      async (page) => {
        await page.getByRole('button', { name: '展开详情' }).first().click()
      },
    ],
  ]
  test.each(doors)('%s', async (_, as, path, act) => {
    const { page } = await visit({ as, path })
    await act(page)
    await page.waitForTimeout(300)
    expect(await faults(page)).toEqual([])
  })

  test.each([
    [null, '', 'en'],
    ['auditor', 'account', 'zh'],
    ['auditor', 'account', 'en'],
  ] as const)('on a phone: %s at /%s in %s', async (as, path, lang) => {
    const { page } = await visit({ as, path, width: 390, height: 844, hash: '#lang=' + lang })
    await page.locator('h1').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
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

describe.skipIf(noServer)('axe finds nothing among incidents', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test.each([
    [1366, 768, 'zh'],
    [1920, 1080, 'en'],
    [390, 844, 'zh'],
  ])('in the list and the detail at %i × %i in %s', async (width, height, lang) => {
    await reported('dispatcher', { contact: { name: '测试丁', phone: '19999990005' } })
    const { page } = await atDesk('dispatcher', '#lang=' + lang, { width, height })
    expect(await faults(page)).toEqual([])
    await page.locator('#incidents .row').first().click()
    await page.locator('#panel .said').waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: /显示完整|Show contact/ }).click()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: /联系报告人|Call the reporter/ }).click()
    await page.getByRole('button', { name: /^(显示|Show)$/ }).click()
    await page.locator('.clear').waitFor()
    expect(await faults(page)).toEqual([])
  })

  test.each([
    [1180, 700, 'zh'],
    [390, 844, 'en'],
  ])('while one is reported at %i × %i in %s', async (width, height, lang) => {
    const at = await border()
    const { page, context } = await visit({ as: 'dispatcher', width, height, hash: onto(at, '&lang=' + lang) })
    await live(page)
    await page.getByRole('button', { name: /^(上报事件|Report)$/ }).click()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: /用地图中央|Use the middle/ }).click()
    await page.locator('.choose').waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: /^(上报|Report)$/ }).last().click()
    await page.locator('form .fault').first().waitFor()
    expect(await faults(page)).toEqual([])
    await page.getByRole('button', { name: /道路破损|Road damage/ }).click()
    await page.locator('textarea').fill('测试')
    await page.locator('.choose input').first().check()
    await context.setOffline(true)
    await page.getByRole('button', { name: /^(上报|Report)$/ }).last().click()
    await page.locator('#waiting').waitFor()
    expect(await faults(page)).toEqual([])
  })
})
