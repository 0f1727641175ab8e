/** A number with its noun in English: 1 block, 2 blocks, 1,200 blocks, 1 person, 2 people. */
export function some(n: string, one: string, many = one === 'person' ? 'people' : one + 's'): string {
  return `${n} ${n === '1' ? one : many}`
}
