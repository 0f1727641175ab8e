// All text on the map is rendered in the browser from fonts on the machine: the style has no glyphs URL.
// The families are tried in this order; every desktop system and phone has one of them.

export const families =
  '"PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif'

export const regular = ['Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif']
export const bold = ['Noto Sans SC Bold', 'Noto Sans CJK SC Bold', 'PingFang SC Semibold', 'Microsoft YaHei Bold', 'sans-serif']
