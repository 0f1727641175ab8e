// A citizen identification number (GB 11643-1999) while it is being typed: what it says of who bears it, or what is wrong with it. The server has the last
// word (internal/idcard).

/** Why a number can't be; as the words of the page call it. */
export type CardFault = 'tooLong' | 'notDigit' | 'noDate' | 'check'

export interface Card {
  /** In one form: 18 characters, a large X; shorter while it is being typed. */
  text: string
  fault?: CardFault
  /** All of it is there and nothing is wrong with it. */
  whole: boolean
  born?: string
  sex?: 'male' | 'female'
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The check character of 17 digits (ISO 7064 MOD 11-2). */
export const checkOf = (digits: string): string => '10X98765432'[weights.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0) % 11]!

/** Reads what was typed so far: full-width digits, a small x, blanks and hyphens between are let pass. */
export function readCard(typed: string): Card {
  const text = typed
    .normalize('NFKC')
    .replace(/[\s-]/g, '')
    .toUpperCase()
  const wrong = (fault: CardFault): Card => ({ text, whole: false, fault })
  if (text.length > 18) return wrong('tooLong')
  if (!/^(\d{0,17}|\d{17}[\dX])$/.test(text)) return wrong('notDigit')
  const born = text.length >= 14 ? `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}` : ''
  if (born && !isDay(born)) return wrong('noDate')
  if (text.length < 18) return { text, whole: false }
  if (checkOf(text) !== text[17]) return wrong('check')
  return { text, whole: true, born, sex: Number(text[16]) % 2 ? 'male' : 'female' }
}

function isDay(day: string): boolean {
  if (!/^(18|19|20)/.test(day)) return false
  const at = new Date(day + 'T00:00:00Z')
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}
