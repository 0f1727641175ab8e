// The words of versions, of handing in and publishing, and of what only the server can do, in Chinese; planflow.en.ts must have the same keys.

export const planFlowZh = {
  planFlow: {
    offline: {
      waits: (acts: string, n: string) => `没有连接，未在计算。已排队 ${n} 步：${acts}；连上后服务器自动接着做`,
      tip: (n: string) => `其中 ${n} 步要由服务器计算，结果在连上后显示。`,
      acts: {
        split: '拆分', 'split-line': '沿线拆分', cut: '切开单元', 'move-border': '移动边界', redraw: '重划', place: '采用方案', solve: '一并解决', undo: '撤销', redo: '重做', back: '回到此处',
      },
      other: '其他',
    },
    fields: {
      crs: (value: string) => `“坐标系”一栏的 ${value}`,
      code: '“编码字段”一栏',
      name: '“名称字段”一栏',
    },
    touches: (metres: string) => `共边 ${metres} 米`,
    leave: '暂不划入',
    leaveTip: '这块地在草案里不属于任何网格，会列在“问题”里；发布前须划入某个网格，因为生效布局不留空地',
    leftOut: (n: string) => `${n} 个单元按您的决定暂不划入，发布前须划入某个网格`,
    solving: {
      progress: (done: string, of: string, solved: string) => `已看 ${done} / ${of} 个问题，解决 ${solved} 个`,
      elapsed: (seconds: string) => `已用 ${seconds} 秒`,
      cancel: '取消',
      outdated: '方案给出以后，其中的单元又有改动，图上的结果已不成立。',
      anew: '重新计算',
    },
    approval: {
      every: '本区县规定：每份草案都须由另一人批准后才能发布。',
      over: (moved: string, limit: string) => `换格居民 ${moved} 人，超过本区县规定的 ${limit} 人：须由另一人批准后才能发布。`,
      within: (limit: string) => `换格居民不超过本区县规定的 ${limit} 人，可以直接发布。`,
      who: (names: string) => `可由 ${names} 批准。`,
      nobody: '您的范围里还没有别的领导可以批准：请安全管理员授予领导角色。',
      publishAfter: '另一人批准之后才能发布：先提交批准',
      problemsFirst: (n: string) => `先解决 ${n} 个妨碍发布的问题`,
    },
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
