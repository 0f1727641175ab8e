// The language in use. It comes from the link, else from what this browser chose last, else it is Chinese;
// it is kept for the next visit, and the document says which it is so that screen readers pronounce it.

import type { Lang } from '../domain/number'
import { en } from './en'
import { zh } from './zh'
import type { Words } from './zh'

const dictionaries: Record<Lang, Words> = { zh, en }
const key = 'jingwei.lang'

function remembered(): Lang {
  try {
    return localStorage.getItem(key) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh' // storage is closed in some private windows
  }
}

class Language {
  lang: Lang = $state(remembered())
  /** The words of the language in use. */
  words: Words = $derived(dictionaries[this.lang])

  set(lang: Lang) {
    this.lang = lang
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
    try {
      localStorage.setItem(key, lang)
    } catch {
      // then it lasts as long as the tab
    }
  }
}

export const language = new Language()
