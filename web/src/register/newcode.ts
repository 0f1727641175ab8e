// A number for a household that has none of its own: tenants, say, have no booklet. The house's, and the day, so that no household that lived there before
// is taken for it.

export function newCode(house: string, day: string, taken: readonly string[]): string {
  const first = `${house}-${day.replaceAll('-', '').slice(2)}`
  let code = first
  for (let n = 2; taken.includes(code); n++) code = `${first}-${n}`
  return code
}
