// The trail as the auditor meets it.

import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { leave, noServer, place, start, stop, visit } from './browser'
import { demo, made, must } from './people'

describe.skipIf(noServer)('the trail', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('shows who did what to whom, newest first, and exports the same', async () => {
    const somebody = await made('clerk')
    await must('security-officer', 'DELETE', `/api/accounts/${somebody.id}/grants?role=clerk&code=${demo('leader').code}`)
    const { page } = await visit({ as: 'auditor', path: 'trail' })
    await page.getByLabel('对象').fill('account:' + somebody.id)
    await page.keyboard.press('Enter')
    await expect.poll(() => place(page).get('subject')).toBe('account:' + somebody.id)
    const rows = page.locator('tbody tr')
    await expect.poll(async () => (await rows.allTextContents()).length).toBe(5)
    const said = await rows.allTextContents()
    const expected = ['收回角色', '授予角色', '更换密码', '登录', '建立账号']
    said.forEach((row, i) => expect(row, `row ${i}`).toContain(expected[i]))
    expect(said[0]).toContain(demo('security-officer').name)
    expect(said[4]).toContain(demo('administrator').name)

    await rows.first().getByRole('button', { name: '展开详情' }).click()
    await page.locator('.details').getByText('社区平台管理员').waitFor()

    const saved = page.waitForEvent('download')
    await page.getByRole('link', { name: '导出 CSV' }).click()
    const csv = readFileSync(await (await saved).path(), 'utf8')
    for (const word of ['grant.taken', 'grant.given', 'account.created', 'account:' + somebody.id]) expect(csv).toContain(word)
    expect(csv).not.toContain('trail.exported')
    await page.getByRole('button', { name: '清除条件' }).click()
    await page.getByLabel('操作', { exact: true }).selectOption('trail.exported')
    await expect.poll(async () => (await rows.first().textContent()) ?? '').toContain('导出审计记录')
  })

  test('narrows by a click, keeps its question in the address, and goes back', async () => {
    await made('clerk')
    const { page } = await visit({ as: 'auditor', path: 'trail', hash: '#action=grant.given&time=30d' })
    expect(await page.getByLabel('操作', { exact: true }).inputValue()).toBe('grant.given')
    expect(await page.getByLabel('时间', { exact: true }).inputValue()).toBe('30d')
    const rows = page.locator('tbody tr')
    await rows.first().waitFor()
    for (const row of await rows.allTextContents()) expect(row).toContain('授予角色')
    await rows.first().getByRole('button', { name: demo('security-officer').name }).click()
    await page.getByText('演示安全管理员').waitFor() // the account's name instead of its number
    expect(Number(place(page).get('account'))).toBeGreaterThan(0)
    await page.getByRole('button', { name: '清除条件' }).click()
    await expect.poll(() => new URL(page.url()).hash).toBe('')
  })

  test('more is there for the asking, and an entry is chained before long', async () => {
    const { page } = await visit({ as: 'auditor', path: 'trail', before: (page) => page.route('**/api/trail?**', (route) => route.continue({ url: route.request().url().replace('limit=100', 'limit=5') })) })
    const rows = page.locator('tbody tr')
    await expect.poll(() => rows.count()).toBe(5)
    await page.getByRole('button', { name: '再看更早的' }).click()
    await expect.poll(() => rows.count()).toBe(10)
    const times = (await page.locator('tbody .when').allTextContents()).map((t) => Date.parse(t))
    expect(times).toEqual([...times].sort((a, b) => b - a))
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: '刷新' }).click()
          return page.getByText('已入链').count()
        },
        { timeout: 20_000, interval: 1000 },
      )
      .toBeGreaterThan(0)
  })

  test('says what is wrong with a range, and that nothing matches', async () => {
    const { page } = await visit({ as: 'auditor', path: 'trail', hash: '#from=2025-11-08T00:00&to=2025-11-01T00:00' })
    await page.getByText('结束时间早于开始时间').waitFor()
    await page.getByLabel('时间', { exact: true }).selectOption('1h')
    await page.getByLabel('文字').fill('nothing-holds-this-text')
    await page.keyboard.press('Enter')
    await page.getByText('没有符合条件的记录').waitFor()
  })
})
