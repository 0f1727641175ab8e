// Accounts and grants as the three officers meet them.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { grids, home, leave, noServer, start, stop, visit } from './browser'
import { demo, fresh, made, must, raw, send } from './people'

const panel = (page: Page) => page.getByRole('complementary', { name: '所选账号' })
const grantsOf = (page: Page) => panel(page).getByRole('region', { name: '角色与范围' })
/** What a picker offers; choices of a select are options, too. */
const picked = (page: Page) => page.getByRole('listbox').getByRole('option')
const accountOf = (id: number) => must('auditor', 'GET', `/api/accounts/${id}`)

describe.skipIf(noServer)('accounts and grants', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('an account is made, its password is shown once, and whoever signs in with it must change it', async () => {
    const name = fresh('new')
    const { page } = await visit({ as: 'administrator', path: 'accounts' })
    await page.getByRole('button', { name: '新建账号' }).click()
    const dialog = page.getByRole('dialog', { name: '新建账号' })
    await dialog.getByRole('button', { name: '建立' }).click()
    await dialog.getByText('请填写姓名或名称').waitFor()
    await dialog.getByLabel('姓名或名称').fill('新来的人')
    await dialog.getByLabel('账号', { exact: true }).fill(name.toUpperCase()) // is made small
    await page.keyboard.press('Enter')
    const shown = page.getByRole('dialog', { name: `账号 ${name} 已建立` })
    await shown.waitFor()
    await page.keyboard.press('Escape')
    expect(await shown.isVisible()).toBe(true) // it can't be lost by a slip
    const password = (await shown.getByRole('status').first().textContent()) ?? ''
    await shown.getByRole('button', { name: /复制/ }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(password)
    await shown.getByRole('button', { name: '完成' }).click()
    await panel(page).getByRole('heading', { name: '新来的人' }).waitFor()
    await panel(page).getByText('还没有角色。登录后看不到任何内容。').waitFor()
    expect(await page.locator('body').textContent()).not.toContain(password)

    const other = await visit({ as: null })
    await other.page.getByLabel('账号').fill(name)
    await other.page.getByLabel('密码', { exact: true }).fill(password)
    await other.page.keyboard.press('Enter')
    await other.page.getByRole('heading', { name: '换一个新密码' }).waitFor()
    await other.page.getByLabel('新密码').fill(password)
    await other.page.keyboard.press('Enter')
    await other.page.getByText('新密码和现在的一样').waitFor()
    await other.page.getByLabel('新密码').fill('quiet lantern harbour')
    await other.page.keyboard.press('Enter')
    await other.page.getByRole('heading', { level: 1, name: '我的账号' }).waitFor()
    expect((await raw('', 'POST', '/api/session', { name, password })).status).toBe(401)
  })

  test('a role is given on a place that is searched for, and taken back after a question', async () => {
    const somebody = await made()
    const { page } = await visit({ as: 'security-officer', path: 'accounts', hash: '#id=' + somebody.id })
    await grantsOf(page).getByRole('button', { name: '授予角色' }).click()
    await page.getByLabel('角色', { exact: true }).last().selectOption('clerk')
    await grantsOf(page).getByRole('button', { name: '授予', exact: true }).click()
    await page.getByText('请从结果中选一个范围').waitFor()
    const community = demo('clerk').code
    await page.getByRole('combobox', { name: '范围' }).fill(community)
    await page.getByRole('option', { name: new RegExp(community) }).waitFor()
    await page.keyboard.press('Enter')
    await grantsOf(page).getByRole('button', { name: '授予', exact: true }).click()
    await grantsOf(page).getByText('已授予').waitFor()
    expect((await accountOf(somebody.id)).grants).toEqual([{ role: 'clerk', code: community, place: demo('clerk').place }])

    await grantsOf(page).getByRole('button', { name: /^收回：|^收回:/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click()
    expect((await accountOf(somebody.id)).grants).toHaveLength(1)
    await grantsOf(page).getByRole('button', { name: /^收回/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: '收回' }).click()
    await grantsOf(page).getByText('已收回').waitFor()
    expect((await accountOf(somebody.id)).grants).toEqual([])
  })

  test('a grid worker is given a grid, by its code, and nothing larger is offered', async () => {
    const somebody = await made()
    const [g] = await grids(await home())
    const { page } = await visit({ as: 'security-officer', path: 'accounts', hash: '#id=' + somebody.id })
    await grantsOf(page).getByRole('button', { name: '授予角色' }).click()
    await page.getByLabel('角色', { exact: true }).last().selectOption('grid-worker')
    await page.getByRole('combobox', { name: '范围' }).fill(g!.code.slice(0, 12))
    await picked(page).first().waitFor()
    for (const option of await picked(page).allTextContents()) expect(option).toMatch(/\d{15}/)
    await page.getByRole('combobox', { name: '范围' }).fill(g!.code)
    await page.getByRole('option', { name: new RegExp(g!.code) }).click()
    await grantsOf(page).getByRole('button', { name: '授予', exact: true }).click()
    await grantsOf(page).getByText('已授予').waitFor()
    expect((await accountOf(somebody.id)).grants.map((x: { code: string }) => x.code)).toEqual([g!.code])
  })

  test('a label is given and taken', async () => {
    const somebody = await made()
    const { page } = await visit({ as: 'security-officer', path: 'accounts', hash: '#id=' + somebody.id })
    const labels = panel(page).getByRole('region', { name: '特殊人群标签' })
    await labels.getByRole('button', { name: '授予标签' }).click()
    await labels.getByLabel('标签').selectOption('youth')
    await labels.getByRole('combobox').last().click()
    await picked(page).first().click() // one's own ground is offered
    await labels.getByRole('button', { name: '授予', exact: true }).click()
    await labels.getByText('已授予').waitFor()
    expect((await accountOf(somebody.id)).labels.map((l: { label: string }) => l.label)).toEqual(['youth'])
    await labels.getByRole('button', { name: /^收回/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: '收回' }).click()
    await labels.getByText('已收回').waitFor()
    expect((await accountOf(somebody.id)).labels).toEqual([])
  })

  test('two of the three officers in one account are refused, with the reason', async () => {
    const somebody = await made('auditor')
    const { page } = await visit({ as: 'security-officer', path: 'accounts', hash: '#id=' + somebody.id })
    await grantsOf(page).getByRole('button', { name: '授予角色' }).click()
    for (const role of ['administrator', 'security-officer']) {
      await page.getByLabel('角色', { exact: true }).last().selectOption(role)
      await page.getByRole('alert').getByText('三员分立：这个账号已是审计员').waitFor()
      expect(await grantsOf(page).getByRole('button', { name: '授予', exact: true }).getAttribute('aria-disabled')).toBe('true')
    }
    await page.keyboard.press('Enter')
    expect((await accountOf(somebody.id)).grants.map((g: { role: string }) => g.role)).toEqual(['auditor'])
    const refused = await send('security-officer', 'POST', `/api/accounts/${somebody.id}/grants`, { role: 'administrator', code: demo('leader').code })
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']) // and not by the page alone
  })

  test("nobody does another officer's work, or changes their own: what is disabled says why", async () => {
    const somebody = await made('planner')
    const says = async (as: 'administrator' | 'security-officer' | 'auditor', id: number, ...reasons: string[]) => {
      const { page } = await visit({ as, path: 'accounts', hash: '#id=' + id })
      await panel(page).getByRole('heading', { level: 2 }).waitFor()
      for (const reason of reasons) await panel(page).getByText(reason).first().waitFor()
      const off = await panel(page).locator('button[aria-disabled="true"]').allTextContents()
      await leave()
      return off.map((text) => text.trim()).filter(Boolean)
    }
    const doings = ['修改', '重置密码', '重置第二重验证', '退出所有设备', '停用']
    expect(await says('administrator', somebody.id, '只有安全管理员能授予和收回角色')).toEqual(expect.arrayContaining(['授予角色', '收回']))
    expect(await says('security-officer', somebody.id, '只有系统管理员能建立、停用、重置账号')).toEqual(doings)
    expect(await says('auditor', somebody.id, '只有系统管理员', '只有安全管理员')).toEqual(expect.arrayContaining([...doings, '授予角色', '收回', '授予标签']))
    const ids = Object.fromEntries((await must('auditor', 'GET', '/api/accounts?limit=500')).accounts.map((a: { name: string; id: number }) => [a.name, a.id]))
    expect(await says('administrator', ids[demo('administrator').name], '自己的账号不能在这里停用或重置')).toEqual(expect.arrayContaining(doings))
    expect(await says('security-officer', ids[demo('security-officer').name], '须由另一位安全管理员更改')).toEqual(expect.arrayContaining(['授予角色', '收回']))
    expect(await says('administrator', ids[demo('auditor').name], '三员的账号不在页面上维护')).toEqual(expect.arrayContaining(doings))
  })

  test('an account is found, filtered, disabled and enabled', async () => {
    const somebody = await made('planner')
    const { page } = await visit({ as: 'administrator', path: 'accounts' })
    await page.keyboard.press('/')
    await page.keyboard.insertText(somebody.name)
    await page.getByText('1 个账号').waitFor()
    await page.getByLabel('角色', { exact: true }).selectOption('leader')
    await page.getByText('没有符合条件的账号').waitFor()
    await page.getByLabel('角色', { exact: true }).selectOption('planner')
    await page.getByRole('link', { name: somebody.display }).click()
    await panel(page).getByRole('button', { name: '停用' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '停用' }).click()
    await panel(page).getByText('账号已停用。').waitFor()
    expect((await accountOf(somebody.id)).disabled).toBe(true)
    await page.getByLabel('状态', { exact: true }).selectOption('disabled')
    await page.getByText('1 个账号').waitFor()
    await panel(page).getByRole('button', { name: '启用' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '启用' }).click()
    await panel(page).getByText('账号已启用。').waitFor()
    expect((await accountOf(somebody.id)).disabled).toBe(false)
    await page.keyboard.press('Escape')
    await panel(page).waitFor({ state: 'detached' })
    await page.goBack()
    await panel(page).getByRole('heading', { name: somebody.display }).waitFor()
  })

  test('a password is reset to one that is shown once, a name is changed', async () => {
    const somebody = await made('planner')
    const { page } = await visit({ as: 'administrator', path: 'accounts', hash: '#id=' + somebody.id })
    await panel(page).getByRole('button', { name: '重置密码' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '重置密码' }).click()
    const shown = page.getByRole('dialog', { name: '一次性密码' })
    const password = (await shown.getByRole('status').first().textContent()) ?? ''
    await shown.getByRole('button', { name: '完成' }).click()
    expect((await raw('', 'POST', '/api/session', { name: somebody.name, password })).body.stage).toBe('password')
    await panel(page).getByRole('button', { name: '修改' }).click()
    await page.getByRole('dialog').getByLabel('姓名或名称').fill('改了名的人')
    await page.keyboard.press('Enter')
    await panel(page).getByRole('heading', { name: '改了名的人' }).waitFor()
    expect((await accountOf(somebody.id)).display).toBe('改了名的人')
  })

  test('a machine has tokens: made, shown once, used, revoked', async () => {
    const name = fresh('machine')
    const { account } = await must('administrator', 'POST', '/api/accounts', { name, display: '热线对接', kind: 'machine', division: demo('leader').code })
    await must('security-officer', 'POST', `/api/accounts/${account.id}/grants`, { role: 'leader', code: demo('leader').code })
    const { page } = await visit({ as: 'administrator', path: 'accounts', hash: '#id=' + account.id })
    await panel(page).getByRole('button', { name: '新建令牌' }).click()
    await page.getByRole('dialog').getByLabel('用途').fill('生产环境')
    await page.keyboard.press('Enter')
    const shown = page.getByRole('dialog', { name: '令牌已生成' })
    const token = (await shown.getByRole('status').first().textContent()) ?? ''
    expect(token).toMatch(/^jw_/)
    await shown.getByRole('button', { name: '完成' }).click()
    const meta = () => fetch(`${process.env.JINGWEI_URL}/api/meta`, { headers: { Authorization: 'Bearer ' + token } }).then((r) => r.status)
    expect(await meta()).toBe(200)
    await panel(page).getByRole('button', { name: /^吊销/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: '吊销' }).click()
    await panel(page).getByText('令牌已吊销。').waitFor()
    expect(await meta()).toBe(401)
  })
})
