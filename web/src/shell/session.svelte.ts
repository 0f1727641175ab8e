// Who sits before the page. Two things are kept apart: the session as the server has it now, and the one that the workspace was
// opened with. So when a session ends under an open page, the door stands in front of the page, and whoever signs in again as
// the same account goes on where they were; somebody else begins afresh.

import * as api from '../api/doors'
import { onSignedOut } from '../api/client'
import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'
import type { Session } from '../api/shapes'
import { route } from './route.svelte'
import { server } from './server.svelte'

class Sessions {
  /** As the server has it; undefined until it was asked. */
  now: Session | undefined = $state.raw()
  /** Whose workspace is open, whether or not they are signed in at this moment. */
  here: Session | undefined = $state.raw()
  /** Why it couldn't be asked. */
  problem: Problem | undefined = $state.raw()
  /** Counts the workspaces: each new one is built afresh. */
  workspace = $state(0)
  /** The password that was typed a moment ago, for the page that replaces it. Gone with the next stage. */
  typed = ''
  private asking = false
  /** Counts what the server said, so that an answer that was overtaken on its way (by a sign-in, say) isn't believed. */
  private said = 0

  constructor() {
    onSignedOut(() => void this.look())
  }

  /** Asks the server who is signed in: at first, after an answer said nobody is, and when the reader comes back to the tab. */
  async look(): Promise<void> {
    if (this.asking) return
    this.asking = true
    const before = this.said
    try {
      const answer = await api.session()
      if (before !== this.said) return this.again()
      this.take(answer)
      this.problem = undefined
    } catch (thrown) {
      this.problem = asProblem(thrown)
      if (this.now) server.heard(this.problem)
    } finally {
      this.asking = false
    }
  }

  private again(): Promise<void> {
    this.asking = false
    return this.look()
  }

  /** Takes over what the server says the session is now. */
  take(session: Session) {
    this.said++
    const before = this.now?.stage
    this.now = session
    if (session.stage !== 'password') this.typed = ''
    if (session.stage !== 'open') return
    const same = this.here?.account?.id === session.account?.id
    this.here = session
    if (!same) {
      if (this.workspace++ > 0) route.reset() // not where somebody else was
    } else if (before !== 'open') server.renew() // what was refused meanwhile is asked for again
  }

  /** Ends the session; the workspace closes. */
  async signOut(): Promise<void> {
    try {
      await api.signOut()
    } catch (thrown) {
      if (!asProblem(thrown).signedOut) throw thrown // there was none to end
    }
    this.leave()
  }

  /** Closes the workspace, once the session was ended. */
  leave() {
    this.said++
    this.here = undefined
    route.reset()
    this.now = { stage: 'out', demo: this.now?.demo ?? false, grants: [], labels: [], can: {} }
  }
}

export const session = new Sessions()
