// What a report lacks before it can be sent, by the name of the words that say it. The server checks all of it again; this saves people a
// refusal. Pure.

export type Lack = 'needKind' | 'needSpecial' | 'needText' | 'longText' | 'longName' | 'badPhone' | 'needPosition' | 'needGrid' | 'isOutside'

export interface Filled {
  kind: string
  /** Whether the kind is about a special group. */
  special: boolean
  label: string
  text: string
  name: string
  phone: string
  position: boolean
  outside: boolean
  mustChoose: boolean
  grid: string
}

export const mostText = 2000
export const mostName = 40

/** As many characters as the server counts: code points. */
export const characters = (s: string): number => [...s.trim()].length

/** A number that can be dialled: the server's own rule. */
export function dialled(phone: string): boolean {
  const s = phone.trim().replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xff10 + 48)).replace('＋', '+').replace(/[－—–]/g, '-')
  if (s === '') return true
  const digits = s.replace(/\D/g, '').length
  return digits >= 3 && digits <= 20 && s.length <= 40 && /^\+?[\d\s\-()（）#*,]*$/.test(s)
}

/** In the order of the form; the first is where the reader is taken. */
export function lacks(f: Filled): { field: 'kind' | 'special' | 'text' | 'name' | 'phone' | 'position' | 'grid'; lack: Lack }[] {
  const found: ReturnType<typeof lacks> = []
  const n = characters(f.text)
  if (!f.kind) found.push({ field: 'kind', lack: 'needKind' })
  if (f.special && !f.label) found.push({ field: 'special', lack: 'needSpecial' })
  if (n === 0) found.push({ field: 'text', lack: 'needText' })
  else if (n > mostText) found.push({ field: 'text', lack: 'longText' })
  if (!f.position) found.push({ field: 'position', lack: 'needPosition' })
  else if (f.outside) found.push({ field: 'position', lack: 'isOutside' })
  else if (f.mustChoose && !f.grid) found.push({ field: 'grid', lack: 'needGrid' })
  if (characters(f.name) > mostName) found.push({ field: 'name', lack: 'longName' })
  if (!dialled(f.phone)) found.push({ field: 'phone', lack: 'badPhone' })
  return found
}
