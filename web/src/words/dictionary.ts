// What a dictionary is: leaves are words, words with parameters, or lists of words.

export interface Dictionary {
  [key: string]: string | string[] | ((...args: any[]) => string) | Dictionary
}

/** The shape of a dictionary without its words: what another language's must hold. */
export type Loose<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends string[] ? string[] : T[K] extends (...a: infer A) => string ? (...a: A) => string : Loose<T[K]>
}
