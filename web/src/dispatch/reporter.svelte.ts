// Sends reports. One that finds no server waits in the browser's storage and goes out by itself when the line is back; under the same name,
// so that it is one incident however often it was tried.

import * as api from '../api/incidents'
import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'
import type { Incident, Report } from '../api/shapes'
import { format, next, parse, put, without } from './unsent'
import type { Unsent } from './unsent'

const patience = 20_000 // milliseconds until a report that gets no answer is kept
const tryEvery = 15_000

/** Whether a report may well go through later as it is. */
const passing = (p: Problem) => p.unreachable || p.status === 503 || p.status === 429

export class Reporter {
  /** What waits, the oldest first. */
  waiting: Unsent[] = $state.raw([])
  /** The name of the one that is being sent. */
  sending = $state('')
  private readonly contacts = new Map<string, Report['contact']>()
  private readonly key: string

  /** sent is told of each report that had waited and went through; bare says that it went without the contact it had. */
  constructor(
    account: number,
    private readonly sent: (made: Incident, bare: boolean) => void,
  ) {
    this.key = 'jingwei.unsent.' + account
    this.waiting = this.stored()
  }

  /** Keeps trying, and follows what other tabs do. Returns how to stop. */
  follow(): () => void {
    const every = setInterval(() => void this.flush(), tryEvery)
    const online = () => void this.flush()
    const changed = (e: StorageEvent) => e.key === this.key && (this.waiting = this.stored())
    addEventListener('online', online)
    addEventListener('storage', changed)
    void this.flush()
    return () => {
      clearInterval(every)
      removeEventListener('online', online)
      removeEventListener('storage', changed)
    }
  }

  /** Sends a report. undefined: it waits. Throws the Problem of one that was refused. */
  async send(report: Report): Promise<Incident | undefined> {
    try {
      const made = await this.post(report)
      this.drop(report.request ?? '')
      return made
    } catch (thrown) {
      const problem = asProblem(thrown)
      if (!passing(problem)) throw problem
      this.keep(report)
      return undefined
    }
  }

  /** Sends what waits, one after the other. */
  async flush() {
    if (this.sending || !navigator.onLine) return
    for (let u = next(this.waiting, Date.now()); u; u = next(this.waiting, Date.now())) if (!(await this.again(u, true))) return
  }

  /** Sends one now, because its reporter says so. */
  async now(request: string) {
    const u = this.waiting.find((o) => o.request === request)
    if (u && !this.sending) await this.again({ ...u, made: Date.now() }, false)
  }

  /** Takes one back out to be changed, with its contact if this tab still has it. */
  contactOf(request: string): Report['contact'] {
    return this.contacts.get(request)
  }

  drop(request: string) {
    this.contacts.delete(request)
    this.store(without(this.stored(), request))
  }

  /** Whether the next one may be tried. */
  private async again(u: Unsent, quiet: boolean): Promise<boolean> {
    this.sending = u.request
    const contact = this.contacts.get(u.request)
    try {
      const made = await this.post({ ...u.body, ...(contact ? { contact } : {}) }, quiet)
      this.drop(u.request)
      this.sent(made, u.contact && !contact && !made.contact)
      return true
    } catch (thrown) {
      const problem = asProblem(thrown)
      if (passing(problem) || problem.signedOut) {
        this.store(put(this.stored(), { ...u, refused: undefined }))
        return false
      }
      this.store(put(this.stored(), { ...u, refused: { zh: problem.said('zh'), en: problem.said('en') } }))
      return true
    } finally {
      this.sending = ''
    }
  }

  private post(report: Report, quiet = false): Promise<Incident> {
    return api.report(report, AbortSignal.timeout(patience), quiet)
  }

  private keep(report: Report) {
    const { contact, ...body } = report
    if (contact) this.contacts.set(report.request ?? '', contact)
    this.store(put(this.stored(), { request: report.request ?? '', made: Date.now(), body, contact: contact !== undefined }))
  }

  /** Another tab may have changed what is stored since it was read. */
  private stored(): Unsent[] {
    try {
      return parse(localStorage.getItem(this.key))
    } catch {
      return this.waiting // storage is closed: it lasts as long as the tab
    }
  }

  private store(list: Unsent[]) {
    this.waiting = list
    try {
      if (list.length) localStorage.setItem(this.key, format(list))
      else localStorage.removeItem(this.key)
    } catch {
      // then it lasts as long as the tab
    }
  }
}
