// What the browser tests share: a Chromium, a page that remembers every request and every complaint, and
// the server's own answers to compare the page with.
//
// JINGWEI_URL names a running server with grids in it, JINGWEI_ACCOUNTS the file with its demo accounts (`make test` starts one on
// the demo town). Without them the tests are skipped, except where CI=true: there they fail, because a skipped test shows nothing.

import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { existsSync, mkdirSync } from 'node:fs'
import { expect } from 'vitest'
import type { DivisionDetail, Figures, Grid, GridSummary, Meta } from '../src/api/shapes'
import { address, cookieOf, send } from './people'
import type { Role } from './people'

export { address } from './people'
const ci = process.env.CI === 'true'

/** Whether to skip; in CI a missing server is a failure instead. */
export const noServer = !address && !ci
if (noServer) console.warn('browser tests skipped: set JINGWEI_URL to the address of a running jingwei serve')

let browser: Browser | undefined

function chromiumPath(): string {
  const places = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium']
  const found = places.find((p) => p && existsSync(p))
  if (!found) throw new Error('no Chromium found: install the package chromium, or name one in CHROMIUM')
  return found
}

export async function start(): Promise<void> {
  if (!address) throw new Error('JINGWEI_URL is not set: start `jingwei demo --accounts-file FILE` and give its address')
  browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--use-angle=gl-egl',
      '--ignore-gpu-blocklist',
      '--disable-gpu-rasterization', // without a GPU that draws ordinary pages three times as slowly
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-sync',
      '--no-first-run',
      '--mute-audio',
    ],
  })
}

export async function stop(): Promise<void> {
  await browser?.close()
}

export interface Visit {
  page: Page
  context: BrowserContext
  /** Addresses of all requests so far. */
  requests: string[]
  /** Errors in the console and uncaught exceptions. */
  complaints: string[]
}

export interface VisitOptions {
  /** Who has signed in; null: nobody. The leader when it isn't said. */
  as?: Role | null
  /** The page's path, without a slash in front. */
  path?: string
  hash?: string
  width?: number
  height?: number
  reducedMotion?: boolean
  /** Changes what the network answers before the page is opened. */
  before?: (page: Page) => Promise<unknown>
  /** Whether the test needs what the map shows, and so waits for its first picture: rendering without a GPU is slow. */
  map?: boolean
}

const open: BrowserContext[] = []

/** Opens the page in a fresh profile and waits until it shows something. */
export async function visit(options: VisitOptions = {}): Promise<Visit> {
  if (!browser) throw new Error('no browser: start() has not run')
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1180, height: options.height ?? 700 },
    reducedMotion: options.reducedMotion === false ? 'no-preference' : 'reduce', // the camera jumps instead of flying
    permissions: ['clipboard-read', 'clipboard-write'],
    locale: 'zh-CN',
  })
  open.push(context)
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (r) => requests.push(r.url()))
  page.on('console', (m) => m.type() === 'error' && complaints.push(m.text()))
  page.on('pageerror', (e) => complaints.push(e.message))
  const as = options.as === undefined ? 'leader' : options.as
  if (as) await context.addCookies([{ name: 'jingwei_session', value: await cookieOf(as), url: address, httpOnly: true, sameSite: 'Strict' }])
  await options.before?.(page)
  await page.goto(`${address}/${options.path ?? ''}${options.hash ?? ''}`)
  if (options.map) await drawn(page)
  else if (!as) await page.locator('#door-title').waitFor()
  else if (options.path) await page.locator('h1').waitFor()
  else await page.locator('#map canvas').waitFor({ state: 'attached' })
  return { page, context, requests, complaints }
}

/** Closes what the test opened. Of a test that failed it first says what stood on its pages, for whoever only has the output. */
export async function leave(test?: { task: { name: string; result?: { state?: string } } }): Promise<void> {
  const failed = test?.task.result?.state === 'fail'
  for (const context of open.splice(0)) {
    if (failed) for (const page of context.pages()) await lastSight(page, test.task.name)
    await context.close()
  }
}

async function lastSight(page: Page, name: string): Promise<void> {
  try {
    mkdirSync('screenshots', { recursive: true })
    await page.screenshot({ path: `screenshots/failed ${name.replaceAll('/', ' ')}.png` })
    const focus = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))
    console.error(`${name}\n${page.url()}\nfocus: ${focus}\n${(await page.locator('body').ariaSnapshot()).slice(0, 3000)}`)
  } catch (thrown) {
    console.error(`${name}: nothing can be said of the page: ${String(thrown)}`)
  }
}

/** Waits until the map has drawn everything in view. The element says so itself. */
export async function drawn(page: Page): Promise<void> {
  await page.locator('#map[data-drawn="true"]').waitFor({ state: 'attached', timeout: 45_000 })
}

/** An answer of the server, as the leader gets it. */
export async function ask<T>(path: string): Promise<T> {
  const { status, body } = await send('leader', 'GET', path)
  expect(status, path).toBe(200)
  return body as T
}

export const meta = () => ask<Meta>('/api/meta')
export const figures = (code: string) => ask<Figures>(`/api/divisions/${code}/figures`)
export const division = (code: string) => ask<DivisionDetail>('/api/divisions/' + code)
export const grid = (code: string) => ask<Grid>('/api/grids/' + code)
export const below = async (code: string) => (await ask<{ divisions: DivisionDetail[] }>('/api/divisions?parent=' + code)).divisions
export const grids = async (code: string) => (await ask<{ grids: GridSummary[] }>(`/api/grids?division=${code}&limit=2000`)).grids

/** The code of the division that the page begins with. */
export async function home(): Promise<string> {
  const { division } = await meta()
  if (!division) throw new Error('the server has no data: the browser tests need some')
  return division.code
}

/** An address with the camera right over a grid, so that it lies in the middle of the map. */
export function over(g: { label: number[] }, zoom: number, more = ''): string {
  return `#map=${zoom.toFixed(2)}/${g.label[1]!.toFixed(6)}/${g.label[0]!.toFixed(6)}${more}`
}

/** The middle of the map in pixels of the window. */
export async function middle(page: Page): Promise<{ x: number; y: number }> {
  const box = (await page.locator('#map').boundingBox())!
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** What the address says after its #. */
export function place(page: Page): URLSearchParams {
  return new URLSearchParams(new URL(page.url()).hash.slice(1))
}

/** Keeps a picture for people to judge, under screenshots/ (git-ignored). */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync('screenshots', { recursive: true })
  await drawn(page)
  await page.waitForTimeout(300) // labels fade in
  await page.screenshot({ path: `screenshots/${name}.png` })
}

