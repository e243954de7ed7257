import { dayText, type Column } from '@kangqu/widgets'
import type { ResidentRow } from '@kangqu/model'

type Translate = (key: string, named?: Record<string, unknown>) => string

/** The list's columns; what identifies a person comes first and the name stays in view. */
export function residentColumns(t: Translate, withReasons: boolean): Column[] {
  const columns: Column[] = [
    { key: 'name', label: t('resident.name'), width: 148, sortable: true },
    { key: 'sex', label: t('resident.sex'), width: 64 },
    { key: 'birthDate', label: t('resident.birthDate'), width: 108 },
    { key: 'age', label: t('resident.age'), width: 72, align: 'right', sortable: true },
    { key: 'idNumber', label: t('resident.idNumber'), width: 164 },
    { key: 'phone', label: t('resident.phone'), width: 116 },
    { key: 'unit', label: t('resident.unit'), width: 176, sortable: true, grow: !withReasons },
    { key: 'community', label: t('resident.community'), width: 152 },
  ]
  if (withReasons) {
    columns.push({ key: 'reasons', label: t('list.reasons'), width: 220, grow: true })
  }
  return columns
}

/** One row as text cells in the order of the columns, for a file or the clipboard. */
export function residentCells(row: ResidentRow, columns: readonly Column[], t: Translate): string[] {
  const cells: Record<string, string> = {
    name: row.name,
    sex: t(`sex.${row.sex}`),
    birthDate: row.birthDate ? dayText(row.birthDate) : '',
    age: row.age === null ? '' : String(row.age),
    idNumber: row.idNumber,
    phone: row.phone,
    unit: row.unit?.name ?? '',
    community: row.community,
    reasons: (row.reasons ?? []).map((one) => one.text).join('; '),
  }
  return columns.map((column) => cells[column.key] ?? '')
}
