// A sound for each new incident, off until somebody wants it. Two short tones, made here; graver ones are higher and come twice.

const key = 'jingwei.sound'

function remembered(): boolean {
  try {
    return localStorage.getItem(key) === 'on'
  } catch {
    return false // storage is closed in some private windows
  }
}

class Sound {
  on = $state(remembered())
  private context: AudioContext | undefined
  private last = 0

  toggle() {
    this.on = !this.on
    try {
      localStorage.setItem(key, this.on ? 'on' : 'off')
    } catch {
      // then it lasts as long as the tab
    }
    if (this.on) this.play(3) // so one knows what to listen for; and browsers let a page sound only after a click
  }

  /** Sounds once for what comes in the same breath. */
  ring(severity: number) {
    if (!this.on || Date.now() - this.last < 1200) return
    this.play(severity)
  }

  private play(severity: number) {
    this.last = Date.now()
    try {
      this.context ??= new AudioContext()
      void this.context.resume()
      const [low, high] = severity <= 2 ? [880, 1175] : [587, 784]
      for (let i = 0; i < (severity === 1 ? 2 : 1); i++) {
        this.tone(low, i * 0.42)
        this.tone(high, i * 0.42 + 0.16)
      }
    } catch {
      // no sound on this machine
    }
  }

  private tone(frequency: number, after: number) {
    const c = this.context!
    const at = c.currentTime + after
    const tone = c.createOscillator()
    const volume = c.createGain()
    tone.type = 'sine'
    tone.frequency.value = frequency
    volume.gain.setValueAtTime(0, at)
    volume.gain.linearRampToValueAtTime(0.18, at + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.22)
    tone.connect(volume).connect(c.destination)
    tone.start(at)
    tone.stop(at + 0.24)
  }
}

export const sound = new Sound()
