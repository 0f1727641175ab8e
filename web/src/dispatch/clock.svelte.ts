// The time, for words like "3 minutes ago": it moves on by itself, a few times a minute.

class Clock {
  now = $state(Date.now())

  constructor() {
    if (typeof document === 'undefined') return
    setInterval(() => this.tick(), 10_000)
    document.addEventListener('visibilitychange', () => this.tick())
  }

  tick() {
    this.now = Date.now()
  }
}

export const clock = new Clock()
