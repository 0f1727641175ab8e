// Seconds to wait before something may be tried again.

export class Countdown {
  left = $state(0)
  private timer = 0

  start(seconds: number) {
    clearInterval(this.timer)
    const until = Date.now() + seconds * 1000
    const tick = () => {
      this.left = Math.max(0, Math.ceil((until - Date.now()) / 1000)) // by the clock: timers sleep in a tab in the background
      if (this.left === 0) clearInterval(this.timer)
    }
    tick()
    if (this.left) this.timer = window.setInterval(tick, 500)
  }

  stop() {
    clearInterval(this.timer)
    this.left = 0
  }
}
