// Fictional residents, made from a number; nothing is stored.
const kFamily = '王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁'
const kGiven = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英玉兰建国志华文博子涵一诺欣怡'
export const kUnits = [
  { id: 'org-0', name: '云岭区卫生健康局', kind: 'commission', parent: null },
  ...['城关街道社区卫生服务中心', '河西街道社区卫生服务中心', '石桥镇卫生院', '双溪镇卫生院'].map((name, i) => ({ id: `org-${i + 1}`, name, kind: 'centre', parent: 'org-0' })),
  ...['东门', '南园', '北街', '西湖', '柳林', '青山庙'].map((name, i) => ({ id: `org-${10 + i}`, name: `${name}社区卫生服务站`, kind: 'station', parent: `org-${(i % 4) + 1}` })),
  { id: 'org-20', name: '云岭区人民医院', kind: 'hospital', parent: 'org-0' },
]
const kCommunities = ['东门社区', '南园社区', '北街社区', '西湖社区', '柳林村', '青山庙村']
export const kReasons = {
  zh: { bp: '最近一次血压未达标', visits: '随访次数不足4次', nobp: '本期无血压记录', late: '首次随访晚于90天', dead: '已死亡', moved: '已迁出', child: '年龄不足' },
  en: { bp: 'Latest blood pressure above target', visits: 'Fewer than 4 follow-ups', nobp: 'No blood pressure in the period', late: 'First follow-up later than 90 days', dead: 'Deceased', moved: 'Moved away', child: 'Too young' },
}

const mix = (n, k) => ((n * 2654435761 + k * 40503) >>> 0) % 1000003

export function person(i, zh, reasons) {
  const a = mix(i, 1)
  const name = kFamily[a % kFamily.length] + kGiven[mix(i, 2) % kGiven.length] + (mix(i, 3) % 3 ? kGiven[mix(i, 4) % kGiven.length] : '')
  const year = 1936 + (mix(i, 5) % 60)
  const month = String(1 + (mix(i, 6) % 12)).padStart(2, '0')
  const day = String(1 + (mix(i, 7) % 28)).padStart(2, '0')
  const unit = kUnits[5 + (mix(i, 8) % 6)]
  const row = { id: `r${i}`, name, sex: mix(i, 9) % 2 ? 'male' : 'female', birthDate: `${year}-${month}-${day}`, age: 2026 - year, idNumber: `5301**********${String(mix(i, 10) % 10000).padStart(4, '0')}`, phone: `138****${String(mix(i, 11) % 10000).padStart(4, '0')}`, unit: { id: unit.id, name: unit.name }, community: kCommunities[mix(i, 12) % 6] }
  return reasons ? { ...row, reasons: reasons.map((code) => ({ code, text: kReasons[zh ? 'zh' : 'en'][code] })) } : row
}

const kKindText = {
  zh: { encounter: '就诊', observation: '检验检查', condition: '诊断', episode: '管理', immunization: '接种', medication: '用药', document: '文书', procedure: '操作' },
  en: { encounter: 'Visits', observation: 'Measurements', condition: 'Diagnoses', episode: 'Programmes', immunization: 'Vaccinations', medication: 'Medication', document: 'Documents', procedure: 'Procedures' },
}

export function timeline(id, zh, kind, offset, limit) {
  const n = Number(id.slice(1)) || 0
  const items = []
  const unit = { id: 'org-10', name: '东门社区卫生服务站' }
  const t = (a, b) => (zh ? a : b)
  for (let m = 0; m < 46; m++) {
    const date = new Date(Date.UTC(2026, 10 - m, 4 + (mix(n, m) % 20)))
    const day = date.toISOString().slice(0, 10)
    const sys = 128 + (mix(n, m + 60) % 34)
    const dia = 76 + (mix(n, m + 90) % 22)
    const add = (k, title, detail, values = [], end = null) => items.push({ id: `${k}-${m}`, kind: k, date: `${day}T09:30:00+08:00`, end, title, detail, unit, values, resource: { type: k === 'encounter' ? 'Encounter' : 'Observation', id: `${k}-${n}-${m}`, version: 1 + (m % 3) } })
    add('observation', t('血压', 'Blood pressure'), t('诊室测量', 'Office measurement'), [
      { name: t('收缩压', 'Systolic'), value: String(sys), unit: 'mmHg', flag: sys >= 140 ? 'high' : null },
      { name: t('舒张压', 'Diastolic'), value: String(dia), unit: 'mmHg', flag: dia >= 90 ? 'high' : null }])
    if (m % 3 === 0) add('encounter', t('慢性病随访', 'Follow-up'), t('面对面随访，生活方式指导', 'Face to face, lifestyle advice'))
    if (m % 6 === 1) add('observation', t('空腹血糖', 'Fasting glucose'), '', [{ name: t('空腹血糖', 'Fasting glucose'), value: (5 + (mix(n, m) % 40) / 10).toFixed(1), unit: 'mmol/L', flag: m % 4 ? null : 'low' }])
    if (m % 12 === 2) add('immunization', t('流感疫苗', 'Influenza vaccine'), t('第1剂', 'Dose 1'))
    if (m % 9 === 4) add('medication', t('氨氯地平片 5mg', 'Amlodipine 5 mg'), t('每日1次', 'Once a day'))
    if (m === 45) add('condition', t('原发性高血压', 'Essential hypertension'), 'I10')
    if (m === 44) add('episode', t('纳入管理名册', 'Enrolled'), '', [], null)
  }
  const counts = {}
  for (const one of items) counts[one.kind] = (counts[one.kind] ?? 0) + 1
  const chosen = kind ? items.filter((one) => one.kind === kind) : items
  const texts = kKindText[zh ? 'zh' : 'en']
  return { total: chosen.length, kinds: Object.entries(counts).map(([k, count]) => ({ kind: k, text: texts[k], count })), position: 481204, items: chosen.slice(offset, offset + limit) }
}
