// All text on the map is rendered in the browser from fonts on the machine: the style has no glyphs URL.
// The families are tried in this order; every desktop system and phone has one of them.
//
// MapLibre reads the weight off the name of the first family in a stack, so the bold stack begins with a
// name that no font has.

const chinese = ['PingFang SC', 'Noto Sans SC', 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei']

export const regular = ['Jingwei Regular', ...chinese]
export const bold = ['Jingwei Bold', ...chinese]

/** The same as a CSS list, for what MapLibre renders without a stack. */
export const families = [...chinese.map((f) => `"${f}"`), 'sans-serif'].join(', ')
