// The words of what became of a grid in English.

import type { historyZh } from './history.zh'

export const historyEn: typeof historyZh = {
  history: {
    title: 'History',
    retired: (version, at) => `Retired with version ${version} (${at})`,
    never: 'There is no such grid',
    neverAdvice: 'The code was never given; check the 15 digits.',
    born: (version, at) => `Set up with version ${version} (${at})`,
    today: 'Its ground lies today in',
    todayRow: (people, share) => `${people} people, ${share}`,
    nobody: (blocks) => `${blocks} blocks where nobody lives`,
    nothingNow: 'Its ground is in no grid any more.',
    version: (version, at) => `Version ${version}, ${at}`,
    gives: (people) => `${people} people to it`,
    keeps: (people) => `${people} people stayed`,
    gets: (people) => `${people} people from it`,
    kinds: { unchanged: 'unchanged', moved: 'border moved', split: 'split', merged: 'merged', complex: 'redrawn' },
    none: 'Not changed since.',
    rule: 'Codes are never used again.',
    mark: 'retired',
  },
}
