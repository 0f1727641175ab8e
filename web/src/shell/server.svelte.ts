// Whether the server answers. When it stops, the page says so and asks again by itself, at first soon,
// later every ten seconds; when it is back, everything on the page is asked for again.

import { asProblem } from '../api/problem'
import type { Problem } from '../api/problem'
import { session } from '../api/doors'

const firstWait = 1500
const longestWait = 10_000

class Server {
  gone = $state(false)
  /** For a few seconds after it came back. */
  back = $state(false)
  /** Counts how often everything had to be asked for again. */
  epoch = $state(0)
  private wait = firstWait

  /** To be told of every answer that failed. */
  heard(problem: Problem) {
    if (!problem.unreachable || this.gone) return
    this.gone = true
    this.back = false
    this.wait = firstWait
    this.later()
  }

  /** Everything changed: a new version was published. */
  renew() {
    this.epoch++
  }

  private later() {
    setTimeout(() => void this.tryAgain(), this.wait)
    this.wait = Math.min(this.wait * 1.6, longestWait)
  }

  private async tryAgain() {
    try {
      await session()
    } catch (thrown) {
      if (asProblem(thrown).unreachable) return this.later()
    }
    this.gone = false
    this.back = true
    this.epoch++
    setTimeout(() => (this.back = false), 4000)
  }
}

export const server = new Server()
