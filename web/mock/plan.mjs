// A fictional plan for drawing the pages without the program. Never part of the built application.
const kChapters = [
  ['c1', '一、普及健康生活', 1, null],
  ['c2', '(一)加强健康教育', 2, 'c1'],
  ['c3', '(二)提高身体素质', 2, 'c1'],
  ['c4', '二、优化健康服务', 1, null],
  ['c5', '(一)强化覆盖全民的公共卫生服务', 2, 'c4'],
  ['c6', '(二)提供优质高效的医疗服务', 2, 'c4'],
  ['c7', '(三)加强重点人群健康服务', 2, 'c4'],
  ['c8', '三、建设健康环境', 1, null],
  ['c9', '(一)深入开展爱国卫生运动', 2, 'c8'],
]

const kHealth = '区卫生健康局'
const kUnits = ['区教育局', '区民政局', '区财政局', '区医疗保障局', '区生态环境局', '区文化和旅游局', '区残联', '区市场监督管理局', '区人力资源和社会保障局']

// chapter, title, units, targets: [name, unit, {year: value}, measure, value, denominator]
const kTasks = [
  ['c2', '加强健康教育', [kHealth, '区教育局', '区文化和旅游局'], [['居民健康素养水平', '%', { 2030: 35, 2035: 40 }, null]]],
  ['c2', '开展健康教育“六进”活动', [kHealth, '区文化和旅游局', '区教育局'], []],
  ['c2', '推进心理咨询服务机构建设，普及心理健康知识，提供心理咨询服务', [kHealth, '区民政局', '区残联', '区医疗保障局'], [
    ['精神障碍社区康复规范化开展率', '%', { 2030: 80, 2035: 85 }, 'smi-rehab', 81.2, 1244],
    ['社区心理咨询开设覆盖率', '%', { 0: 100 }, null]]],
  ['c3', '完善全民健身公共服务体系', ['区文化和旅游局', '区教育局', '区财政局'], [['经常参加体育锻炼人数比例', '%', { 2030: 42, 2035: 45 }, null], ['人均体育场地面积', '平方米', { 2030: 2.3, 2035: 2.5 }, null]]],
  ['c3', '加强体医融合和非医疗健康干预', [kHealth, '区文化和旅游局'], []],
  ['c5', '实施慢性病综合防控战略', [kHealth, '区医疗保障局', '区市场监督管理局'], [
    ['高血压患者规范管理率', '%', { 2025: 65, 2030: 70, 2035: 80 }, 'htn-managed', 68.4, 48213],
    ['高血压患者血压控制率', '%', { 2030: 60, 2035: 65 }, 'htn-control', 51.7, 48213],
    ['2型糖尿病患者规范管理率', '%', { 2025: 65, 2030: 70, 2035: 80 }, 'dm-managed', 71.9, 17455],
    ['重大慢性病过早死亡率', '%', { 2030: 10.5, 2035: 9.8 }, null]]],
  ['c5', '加强重大传染病防控', [kHealth, '区教育局', '区财政局'], [
    ['适龄儿童国家免疫规划疫苗接种率', '%', { 2030: 95, 2035: 98 }, 'imm-rate', 97.6, 20118],
    ['肺结核患者规则服药率', '%', { 2030: 90, 2035: 95 }, 'tb-regular', 88.1, 210]]],
  ['c5', '推进基本公共卫生服务均等化', [kHealth, '区财政局'], [
    ['居民电子健康档案动态使用率', '%', { 2030: 70, 2035: 80 }, 'ehr-use', 62.3, 412889],
    ['居民规范化电子健康档案覆盖率', '%', { 2030: 90, 2035: 95 }, 'ehr-cover', 90.4, 412889]]],
  ['c6', '完善家庭医生签约服务', [kHealth, '区医疗保障局', '区人力资源和社会保障局'], [
    ['家庭医生签约服务覆盖率', '%', { 2030: 60, 2035: 75 }, 'contract', 47.5, 412889],
    ['重点人群签约服务覆盖率', '%', { 2030: 75, 2035: 85 }, 'contract-key', 73.0, 98400]]],
  ['c6', '发展中医药特色服务', [kHealth, '区医疗保障局'], [['65岁以上老年人中医药健康管理率', '%', { 2030: 75, 2035: 80 }, 'tcm-elder', 77.7, 61010]]],
  ['c7', '提高妇幼健康水平', [kHealth, '区财政局', '区民政局'], [
    ['孕产妇系统管理率', '%', { 2030: 90, 2035: 95 }, 'mch-system', 93.1, 3120],
    ['3岁以下儿童系统管理率', '%', { 2030: 90, 2035: 92 }, 'child-system', 91.6, 9034],
    ['婴儿死亡率', '‰', { 2030: 3, 2035: 2.5 }, null],
    ['孕产妇死亡率', '/10万', { 2030: 9, 2035: 7 }, null]]],
  ['c7', '促进健康老龄化', [kHealth, '区民政局', '区残联'], [['65岁以上老年人城乡社区规范健康管理服务率', '%', { 2030: 65, 2035: 75 }, 'elder', 58.9, 61010]]],
  ['c7', '维护残疾人健康', ['区残联', kHealth, '区民政局'], [['有需求的残疾人基本康复服务覆盖率', '%', { 2030: 85, 2035: 95 }, null]]],
  ['c9', '加强城乡环境卫生综合整治', ['区生态环境局', kHealth, '区财政局'], [['城乡生活垃圾无害化处理率', '%', { 2030: 100, 2035: 100 }, null], ['农村集中式供水人口比例', '%', { 2030: 90 }, null]]],
  ['c9', '建设健康城镇和健康村镇', [kHealth, '区生态环境局'], [['国家卫生乡镇比例', '%', { 2030: '逐步提高' }, null]]],
]

const kLower = new Set(['重大慢性病过早死亡率', '婴儿死亡率', '孕产妇死亡率'])

function stateOf(value, due, years) {
  if (value === null || !due) return 'notComputable'
  if (value >= due.value) return value >= years.at(-1).value ? 'met' : 'onTrack'
  return value >= due.value - 4 ? 'onTrack' : 'behind'
}

function target(id, no, row, factor, zh) {
  const [name, unit, byYear, measure, value0, denominator0] = row
  const comparator = kLower.has(name) ? '<=' : '>='
  const years = Object.entries(byYear).map(([year, value]) => ({ year: Number(year) || null, comparator, value, unit }))
  const value = measure ? Math.round((value0 + (factor - 1) * 8) * 10) / 10 : null
  const denominator = measure ? Math.round(denominator0 * factor) : null
  const due = measure ? years.find((one) => one.year && one.year >= 2026) ?? null : null
  const history = measure ? [2021, 2022, 2023, 2024, 2025, 2026].map((y, i) => ({ period: String(y), value: Math.round((value - (5 - i) * 2.3 + Math.sin(y + value) * 1.4) * 10) / 10 })) : []
  const state = stateOf(value, due, years)
  const reason = measure ? null : { code: 'no-measure', text: zh ? '由责任单位填报，居民记录中没有这一数据' : 'Reported by the responsible unit; residents’ records do not hold it' }
  return { id, task: no, name, comparator, unit, words: '', attribute: measure ? '约束性' : null, years, measure, value, numerator: measure ? Math.round((denominator * value) / 100) : 0, denominator: denominator ?? 0, baseline: null, state, reason, due, expected: due ? Math.round((due.value - 2.1) * 10) / 10 : null, history }
}

const kText = (title, units) => `${title}。建立健全政府主导、部门协作、社会参与的工作机制，明确年度任务和完成时限，按季度通报进展。到2030年、2035年，相关指标达到规划要求。(责任单位：${units.join('、')})`

function tally(targets) {
  const states = { met: 0, onTrack: 0, behind: 0, notComputable: 0 }
  for (const one of targets) states[one.state] += 1
  return states
}

export function planOf(id, factor, period, zh) {
  const chapters = kChapters.map(([cid, heading, level, parent]) => ({ id: cid, heading, level, parent }))
  const tasks = []
  const targets = []
  kTasks.forEach(([chapter, title, units, rows], index) => {
    const no = index + 1
    const ids = rows.map((row, k) => {
      const one = target(`t${no}-${k + 1}`, no, row, factor, zh)
      targets.push(one)
      return one.id
    })
    const path = kChapters.filter((one) => one[0] === chapter).map((one) => one[1])
    tasks.push({ no, chapter, path, title, text: kText(title, units), leadUnit: units[0], units, mode: no % 7 ? 'lead-first' : 'each-by-duty', targets: ids })
  })
  const units = [kHealth, ...kUnits].map((name) => {
    const lead = tasks.filter((one) => one.leadUnit === name)
    const mine = lead.flatMap((one) => targets.filter((t) => one.targets.includes(t.id)))
    return { name, lead: lead.length, assist: tasks.filter((one) => one.units.slice(1).includes(name)).length, targets: mine.length, states: tally(mine) }
  })
  return { id, title: '“健康云岭2035”规划重点任务分工方案', issuer: '云岭区人民政府办公室', docNo: '云政办〔2026〕8号', date: '2026-03-18', position: 481204, asOf: '2026-11-22T06:40:12+08:00', period, chapters, units, summary: { tasks: tasks.length, targets: targets.length, ...tally(targets) }, tasks, targets }
}

export function documentOf() {
  const lines = ['“健康云岭2035”规划重点任务分工方案', '']
  for (const [id, heading] of kChapters) {
    lines.push(heading)
    kTasks.filter((one) => one[0] === id).forEach(([, title, units]) => lines.push(kText(title, units)))
  }
  return { title: lines[0], text: lines.join('\n') }
}
