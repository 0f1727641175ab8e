// The words of versions, of handing in and publishing, and of what only the server can do, in Chinese; planflow.en.ts must have the same keys.

export const planFlowZh = {
  planFlow: {
    versions: {
      none: '请选择版本',
      loading: '正在读取版本……',
      here: '改动了本区划',
      elsewhere: '未改动本区划',
      option: (version: string, on: string) => `第 ${version} 版　${on}`,
      live: '（生效）',
      by: (who: string) => `${who} 发布`,
      noGrids: '没有改动网格',
      noNote: '没有说明',
      more: '更早的版本',
    },
  },
}
