// A standard address follows its parts: what was said of compound, building, entrance and room is replaced where it stands, one after the other.

export interface Parts {
  place: string
  number: string
  unit: string
  room: string
}

const order = ['place', 'number', 'unit', 'room'] as const

/** The address with its parts exchanged; undefined where it doesn't say what it should, and somebody has to write it by hand. */
export function compose(address: string, was: Parts, is: Parts): string | undefined {
  let done = ''
  let rest = address
  for (const part of order) {
    const old = said(part, was)
    const at = old ? rest.indexOf(old) : 0
    if (at < 0) return undefined
    const now = is[part] && part === 'number' && old !== was.number ? said(part, is) : is[part]
    done += rest.slice(0, at) + now
    rest = rest.slice(at + old.length)
    if (part !== 'room' || !old === !now) continue
    if (now) rest = (/\d$/.test(now) ? '室' : '') + rest // there was no room
    else rest = rest.replace(/^室/, '')
  }
  return done + rest
}

/** A part as the address has it. Behind a street the number may be the first of several: 2-1号 on the plot 2号. */
function said(part: keyof Parts, of: Parts): string {
  return part === 'number' && !of.place ? of.number.replace(/号$/, '') : of[part]
}
