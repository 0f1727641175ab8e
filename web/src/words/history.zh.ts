// The words of what became of a grid in Chinese; history.en.ts must have the same keys.

export const historyZh = {
  history: {
    title: '沿革',
    retired: (version: string, at: string) => `第 ${version} 版起撤销（${at}）`,
    never: '没有这个网格',
    neverAdvice: '这个编码从未使用过，请核对 15 位数字。',
    born: (version: string, at: string) => `第 ${version} 版设立（${at}）`,
    today: '原范围现属',
    todayRow: (people: string, share: string) => `${people} 人，${share}`,
    nobody: (blocks: string) => `${blocks} 个单元，无人居住`,
    nothingNow: '原范围已不在任何网格中。',
    version: (version: string, at: string) => `第 ${version} 版，${at}`,
    gives: (people: string) => `划给它 ${people} 人`,
    keeps: (people: string) => `留下 ${people} 人`,
    gets: (people: string) => `从它划来 ${people} 人`,
    kinds: { unchanged: '不变', moved: '边界变', split: '拆分', merged: '合并', complex: '重组' },
    none: '设立以来没有变过。',
    rule: '编码不会再次使用。',
    mark: '已撤销',
  },
}
