// Texts in GB18030, as office programs save them: its characters of one and two bytes, which all of Chinese in use has.

const bytes = new Map<string, number[]>()

/** Encodes a text. */
export function gb18030(text: string): Buffer {
  if (bytes.size === 0) {
    const decoder = new TextDecoder('gb18030')
    for (let a = 0x81; a <= 0xfe; a++)
      for (let b = 0x40; b <= 0xfe; b++) {
        if (b === 0x7f) continue
        const c = decoder.decode(Uint8Array.of(a, b))
        if ([...c].length === 1 && c !== '\ufffd') bytes.set(c, [a, b])
      }
  }
  return Buffer.from(
    [...text].flatMap((c) => {
      if (c.charCodeAt(0) < 0x80) return [c.charCodeAt(0)]
      const two = bytes.get(c)
      if (!two) throw new Error(`${c} isn't among the characters of two bytes`)
      return two
    }),
  )
}
