// The door as people meet it: coming in, being refused, going out, and coming back.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { address, drawn, leave, noServer, place, start, stop, visit } from './browser'
import { codeOf, demo, made, must, raw } from './people'
import type { Person } from './people'

/** Fills in the form as somebody at the keyboard does. */
async function type(page: Page, person: Person, password = person.password) {
  await page.getByLabel('账号').fill(person.name)
  await page.keyboard.press('Tab')
  await page.keyboard.insertText(password)
  await page.keyboard.press('Enter')
}

const session = async (page: Page) => (await page.context().cookies()).find((c) => c.name === 'jingwei_session')?.value ?? ''
const title = (page: Page, text: string) => page.getByRole('heading', { level: 1, name: text }).waitFor()

describe.skipIf(noServer)('at the door', () => {
  beforeAll(start)
  afterEach(leave)
  afterAll(stop)

  test('one signs in by keyboard alone, and is on the map', async () => {
    const { page, complaints } = await visit({ as: null })
    await page.getByText('账号和密码在首次启动时打印在终端里').waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('autocomplete'))).toBe('username')
    await type(page, demo('leader'))
    await drawn(page)
    const menu = page.getByRole('button', { name: /我的菜单/ })
    expect(await menu.textContent()).toContain('领导 · ' + demo('leader').place)
    expect(complaints).toEqual([])
  })

  test('what is missing is said before anything is asked', async () => {
    const { page, requests } = await visit({ as: null })
    await page.keyboard.press('Enter')
    await page.getByText('请填写账号').waitFor()
    await page.getByLabel('账号').fill('somebody')
    await page.keyboard.press('Enter')
    await page.getByText('请填写密码').waitFor()
    expect(await page.getByLabel('密码', { exact: true }).getAttribute('aria-invalid')).toBe('true')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('password')
    expect(requests.filter((r) => r.endsWith('/api/session'))).toHaveLength(1) // who is there, at first
  })

  test('a wrong password is refused, in either language, without saying which of the two is wrong', async () => {
    const { page } = await visit({ as: null })
    const said: string[] = []
    for (const name of [demo('leader').name, 'nobody-of-that-name']) {
      await type(page, { name, password: 'wrong-password-' + name })
      await page.getByRole('alert').waitFor()
      said.push((await page.getByRole('alert').textContent()) ?? '')
    }
    expect(said[0]).toBe(said[1])
    expect(said[0]).toContain('不对')
    await page.getByRole('button', { name: 'English' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('wrong')
    expect(await page.locator('#map').count()).toBe(0)
  })

  test('too many tries: the button counts down to the next', async () => {
    const refusal = { code: 'too-many', zh: '尝试过多，请 2 秒后再试', en: 'too many tries; wait 2 s' }
    const { page } = await visit({
      as: null,
      before: (page) =>
        page.route('**/api/session', (route) =>
          route.request().method() === 'POST' ? route.fulfill({ status: 429, headers: { 'Retry-After': '2' }, contentType: 'application/problem+json', body: JSON.stringify(refusal) }) : route.continue(),
        ),
    })
    await type(page, { name: 'leader', password: 'x' })
    const button = page.getByRole('button', { name: /^请等 [12] 秒$/ })
    await button.waitFor()
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    await page.getByRole('button', { name: '登录', exact: true }).waitFor()
  })

  test('the password can be shown, and Caps Lock is pointed out', async () => {
    const { page } = await visit({ as: null })
    const field = page.getByLabel('密码', { exact: true })
    await field.fill('secret')
    await page.getByRole('button', { name: '显示密码' }).click()
    expect(await field.getAttribute('type')).toBe('text')
    await page.getByRole('button', { name: '隐藏密码' }).click()
    expect(await field.getAttribute('type')).toBe('password')
    const press = (caps: boolean) =>
      field.evaluate((node, on) => {
        node.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', modifierCapsLock: on, bubbles: true }))
      }, caps)
    await press(true)
    await page.getByText('大写锁定已打开').waitFor()
    await press(false)
    await expect.poll(() => page.getByText('大写锁定已打开').count()).toBe(0)
  })

  test('a link to a page is kept through the door; one that one has no use for leads to the map', async () => {
    const { page } = await visit({ as: null, path: 'account' })
    await type(page, demo('leader'))
    await title(page, '我的账号')
    expect(new URL(page.url()).pathname).toBe('/account')
    await page.goto(address + '/trail')
    await page.locator('#map').waitFor()
  })

  test('signing out leaves nothing behind, and the session is over at the server too', async () => {
    const somebody = await made('leader')
    const { page } = await visit({ as: null, path: 'account' })
    await type(page, somebody)
    await title(page, '我的账号')
    const cookie = await session(page)
    expect((await raw(cookie, 'GET', '/api/account')).status).toBe(200)
    await page.getByRole('link', { name: '网格地图', exact: true }).click()
    await page.getByRole('button', { name: /我的菜单/ }).click()
    await page.getByRole('button', { name: '退出登录' }).click()
    await title(page, '登录')
    expect(await page.locator('body').textContent()).not.toContain(somebody.display)
    expect((await raw(cookie, 'GET', '/api/account')).status).toBe(401)
    await page.goBack()
    await title(page, '登录')
  })

  test('signing out everywhere asks first, and ends the sessions of other devices', async () => {
    const somebody = await made('leader')
    const other = (await raw('', 'POST', '/api/session', { name: somebody.name, password: somebody.password })).cookie
    const { page } = await visit({ as: null, path: 'account' })
    await type(page, somebody)
    await page.getByRole('row', { name: /本机/ }).waitFor()
    await expect.poll(() => page.getByRole('rowheader').count()).toBe(3) // the other, this one, and the first of all
    await page.getByRole('button', { name: '退出所有设备' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click()
    expect((await raw(other, 'GET', '/api/account')).status).toBe(200)
    await page.getByRole('button', { name: '退出所有设备' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '退出所有设备' }).click()
    await title(page, '登录')
    expect((await raw(other, 'GET', '/api/account')).status).toBe(401)
  })

  test('a session that ends puts the door before the page; whoever comes back is where they were', async () => {
    const somebody = await made('leader')
    const { page } = await visit({ as: null })
    await type(page, somebody)
    await drawn(page)
    await page.getByRole('button', { name: /^网格/ }).first().click()
    await page.getByRole('radio', { name: '人口' }).click()
    const before = page.url()
    await raw(await session(page), 'DELETE', '/api/session')
    await page.keyboard.press('/')
    await page.keyboard.insertText('学校')
    const door = page.getByRole('dialog', { name: '登录已失效' })
    await door.waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('password')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    expect(await door.isVisible()).toBe(true)
    await page.getByLabel('密码', { exact: true }).fill('') // the door may have come before what was typed into the search
    await page.keyboard.insertText(somebody.password)
    await page.keyboard.press('Enter')
    await door.waitFor({ state: 'detached' })
    expect(page.url()).toBe(before)
    expect(await page.getByRole('button', { name: /^网格/ }).first().getAttribute('aria-expanded')).toBe('true')
    await page.keyboard.press('Escape')
    await page.getByRole('combobox', { name: '按编码或名称查找' }).fill(demo('leader').code)
    await page.getByRole('option').first().waitFor()
  })

  test('an answer from before somebody signed in, overtaken on its way, does not put the door up again', async () => {
    const somebody = await made('leader')
    const { page } = await visit({ as: null })
    await type(page, somebody)
    await drawn(page)
    await raw(await session(page), 'DELETE', '/api/session')
    await page.keyboard.press('/')
    await page.keyboard.insertText('学校')
    const door = page.getByRole('dialog', { name: '登录已失效' })
    await door.waitFor()
    let letGo = () => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    let asked = 0
    await page.route('**/api/session', async (route) => {
      if (route.request().method() !== 'GET') return route.continue()
      const answer = await route.fetch()
      if (asked++ === 0) await held
      await route.fulfill({ response: answer })
    })
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange'))) // the reader comes back to the tab
    await expect.poll(() => asked).toBeGreaterThan(0)
    await page.getByLabel('密码', { exact: true }).fill('') // the door may have come before what was typed into the search
    await page.keyboard.insertText(somebody.password)
    await page.keyboard.press('Enter')
    await door.waitFor({ state: 'detached' })
    letGo()
    await expect.poll(() => asked).toBeGreaterThan(1) // asked again instead
    await page.getByRole('combobox', { name: '按编码或名称查找' }).fill(demo('leader').code)
    await page.getByRole('option').first().waitFor()
    expect(await door.count()).toBe(0)
  })

  test('somebody else who signs in then begins afresh', async () => {
    const somebody = await made('leader')
    const { page } = await visit({ as: null, path: 'account' })
    await type(page, somebody)
    await title(page, '我的账号')
    await raw(await session(page), 'DELETE', '/api/session')
    // The page may have heard already, by something that it was still loading: then the door stands before the link.
    await page.locator('nav a', { hasText: '网格地图' }).dispatchEvent('click')
    const door = page.getByRole('dialog', { name: '登录已失效' })
    await door.getByRole('button', { name: '换一个账号' }).click()
    await title(page, '登录')
    await type(page, demo('planner'))
    await drawn(page)
    expect(await page.locator('body').textContent()).not.toContain(somebody.display)
    expect(place(page).get('grid')).toBeNull()
  })

  test('a role that needs a second factor sets it up before anything else, and comes in with it, or with a recovery code', async () => {
    const somebody = await made('auditor')
    const { page } = await visit({ as: null })
    await type(page, somebody)
    await title(page, '设置第二重验证')
    await page.getByRole('img', { name: '第二重验证的二维码' }).waitFor()
    expect(await page.getByRole('img', { name: '第二重验证的二维码' }).evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(100)
    await page.getByRole('button', { name: '复制' }).click()
    const secret = await page.evaluate(() => navigator.clipboard.readText())

    const right = codeOf(secret)
    const code = page.getByLabel('6 位验证码')
    await code.pressSequentially(right === '000000' ? '000001' : '000000')
    await page.getByRole('alert').waitFor()
    await code.pressSequentially(codeOf(secret)) // sent with its last digit
    await title(page, '请保存恢复码')
    const codes = await page.locator('.codes li').allTextContents()
    expect(new Set(codes).size).toBe(10)
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: '下载' }).click()
    expect((await saved).suggestedFilename()).toContain(somebody.name)
    await page.getByRole('button', { name: '继续' }).click()
    await page.getByRole('alert').getByText('请先保存恢复码').waitFor()
    await page.getByLabel('我已保存好这些恢复码').check()
    await page.getByRole('button', { name: '继续' }).click()
    await drawn(page)

    await page.getByRole('button', { name: /我的菜单/ }).click()
    await page.getByRole('button', { name: '退出登录' }).click()
    await type(page, somebody)
    await title(page, '第二重验证')
    await page.getByRole('button', { name: /用恢复码/ }).click()
    await page.getByLabel('恢复码').fill(codes[3]!)
    await page.keyboard.press('Enter')
    await drawn(page)

    await page.getByRole('button', { name: /我的菜单/ }).click()
    await page.getByRole('link', { name: '我的账号' }).click()
    await page.getByText('还有 9 个恢复码没有用过').waitFor()
    expect(await page.getByRole('button', { name: '关闭', exact: true }).getAttribute('aria-disabled')).toBe('true')
  })

  test('who wants a second factor sets it up and does without it again', async () => {
    const somebody = await made('planner')
    const { page } = await visit({ as: null, path: 'account' })
    await type(page, somebody)
    await page.getByRole('button', { name: '开启' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '复制' }).click()
    const secret = await page.evaluate(() => navigator.clipboard.readText())
    await page.getByLabel('6 位验证码').pressSequentially(codeOf(secret))
    await page.getByLabel('我已保存好这些恢复码').check()
    await page.getByRole('button', { name: '继续' }).click()
    await page.getByText('第二重验证已开启。').waitFor()
    await page.getByRole('button', { name: '关闭', exact: true }).click()
    await page.getByRole('dialog').getByLabel('密码', { exact: true }).fill('not the password')
    await page.keyboard.press('Enter')
    await page.getByText('当前密码不对').waitFor()
    await page.getByRole('dialog').getByLabel('密码', { exact: true }).fill(somebody.password)
    await page.keyboard.press('Enter')
    await page.getByText('第二重验证已关闭。').waitFor()
  })

  test('a password is changed against the present one, and not to one of the worst', async () => {
    const somebody = await made('planner')
    const { page } = await visit({ as: null, path: 'account' })
    await type(page, somebody)
    await page.getByRole('button', { name: '修改密码' }).click()
    await page.getByLabel('现在的密码').fill(somebody.password)
    const next = page.getByLabel('新密码')
    await next.fill('short')
    await page.getByText('还差 5 个字符').waitFor()
    await next.fill('1234567890')
    await page.keyboard.press('Enter')
    await page.getByText('太容易猜到').waitFor()
    await next.fill('seven slow ferries')
    await page.keyboard.press('Enter')
    await page.getByText('密码已更换。').waitFor()
    expect((await raw('', 'POST', '/api/session', { name: somebody.name, password: somebody.password })).status).toBe(401)
    expect((await raw('', 'POST', '/api/session', { name: somebody.name, password: 'seven slow ferries' })).status).toBe(200)
  })

  test('an account without a role sees its own page and who gives roles', async () => {
    const somebody = await made()
    const { page } = await visit({ as: null })
    await type(page, somebody)
    await title(page, '我的账号')
    await page.getByText('还没有角色。请联系安全管理员授权。').waitFor()
    expect(await page.locator('#map').count()).toBe(0)
  })

  test('pages are steps of the history, and each begins at its heading', async () => {
    const { page } = await visit({ as: 'auditor', path: 'account' })
    await page.getByRole('link', { name: '审计记录' }).click()
    await title(page, '审计记录')
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    expect(await page.title()).toBe('审计记录 · 经纬')
    await page.goBack()
    await title(page, '我的账号')
    await page.goForward()
    await title(page, '审计记录')
    await page.goto(address + '/no-such-page')
    await page.locator('#map').waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
  })

  test('an account that is disabled is out at once', async () => {
    const somebody = await made('leader')
    const { page } = await visit({ as: null, path: 'account' })
    await type(page, somebody)
    await page.getByRole('row', { name: /本机/ }).waitFor()
    await must('administrator', 'PATCH', `/api/accounts/${somebody.id}`, { disabled: true })
    await page.getByRole('link', { name: '网格地图', exact: true }).click()
    await page.getByRole('dialog', { name: '登录已失效' }).waitFor()
    await page.keyboard.insertText(somebody.password)
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
  })

  test('without the server the door says so and opens when it is back', async () => {
    let gone = false
    const { page } = await visit({ before: (page) => page.route('**/api/session', (route) => (gone ? route.abort('connectionrefused') : route.continue())) })
    gone = true
    await page.reload()
    await page.getByText('连不上服务器。').first().waitFor()
    gone = false
    await page.getByRole('button', { name: '重试' }).click()
    await page.locator('#map').waitFor()
  })
})
