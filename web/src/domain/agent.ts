// What a browser says of itself, as far as it helps somebody to recognise their own device.

export interface Agent {
  /** The browser's or program's name, empty when it says nothing that is known. */
  browser: string
  system: string
}

// Their order matters: each names those after it, too.
const browsers: [RegExp, string][] = [
  [/MicroMessenger\//, 'WeChat'],
  [/DingTalk\//, 'DingTalk'],
  [/QQBrowser\//, 'QQBrowser'],
  [/QIHU|360SE|360EE/, '360'],
  [/HuaweiBrowser\//, 'Huawei Browser'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\/|Chromium\//, 'Chrome'],
  [/Version\/[\d.]+ .*Safari\//, 'Safari'],
  [/^curl\//, 'curl'],
]

const systems: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Macintosh|Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
]

/** Reads a User-Agent header. */
export function agentOf(header: string): Agent {
  const first = (of: [RegExp, string][]) => of.find(([pattern]) => pattern.test(header))?.[1] ?? ''
  return { browser: first(browsers), system: first(systems) }
}

/** Both in one line, empty when nothing is known. */
export function deviceOf(header: string): string {
  const { browser, system } = agentOf(header)
  return [browser, system].filter(Boolean).join(' · ')
}
