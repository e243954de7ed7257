import type { Chapter, Plan, PlanTask, Target, TargetState } from '@kangqu/model'

export const kStates: readonly TargetState[] = ['met', 'onTrack', 'behind', 'notComputable']

export interface PlanFilter {
  chapter: string
  /** A responsible unit by name, leading or assisting. */
  responsible: string
  state: string
  words: string
}

export interface TaskEntry {
  task: PlanTask
  targets: Target[]
}

export interface TaskGroup {
  heading: string
  chapter: string
  entries: TaskEntry[]
}

export interface ChapterNode {
  chapter: Chapter
  depth: number
  /** Tasks of the chapter and of all below it. */
  tasks: number
}

function withAncestors(id: string, chapters: ReadonlyMap<string, Chapter>): string[] {
  const line: string[] = []
  let at: string | null = id
  while (at !== null && !line.includes(at)) {
    line.push(at)
    at = chapters.get(at)?.parent ?? null
  }
  return line
}

/** The chapters in document order with how deep they lie and how many tasks stand under them. */
export function chapterNodes(plan: Plan): ChapterNode[] {
  const chapters = new Map(plan.chapters.map((one) => [one.id, one]))
  const counts = new Map<string, number>()
  for (const task of plan.tasks) {
    for (const id of withAncestors(task.chapter, chapters)) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return plan.chapters
    .map((chapter) => ({
      chapter,
      depth: withAncestors(chapter.id, chapters).length - 1,
      tasks: counts.get(chapter.id) ?? 0,
    }))
    .filter((one) => one.tasks > 0)
}

function matchesWords(entry: TaskEntry, words: string): boolean {
  if (words === '') return true
  const { task, targets } = entry
  const heap = [task.title, ...task.units, ...targets.map((one) => one.name)].join('\n').toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => heap.includes(word))
}

/**
 * Tasks under their chapter headings, in document order. A state keeps only the targets in that
 * state and the tasks that have one; without a state tasks without targets stay.
 */
export function taskGroups(plan: Plan, filter: PlanFilter): TaskGroup[] {
  const chapters = new Map(plan.chapters.map((one) => [one.id, one]))
  const targets = new Map(plan.targets.map((one) => [one.id, one]))
  const groups: TaskGroup[] = []
  for (const task of plan.tasks) {
    if (filter.chapter && !withAncestors(task.chapter, chapters).includes(filter.chapter)) continue
    if (filter.responsible && !task.units.includes(filter.responsible)) continue
    const own = task.targets.flatMap((id) => targets.get(id) ?? [])
    const kept = filter.state ? own.filter((one) => one.state === filter.state) : own
    if (filter.state && kept.length === 0) continue
    const entry = { task, targets: kept }
    if (!matchesWords(entry, filter.words.trim())) continue
    const last = groups.at(-1)
    if (last?.chapter === task.chapter) last.entries.push(entry)
    else groups.push({ heading: headingOf(task), chapter: task.chapter, entries: [entry] })
  }
  return groups
}

function headingOf(task: PlanTask): string {
  return task.path.join(' / ')
}

/** Targets of tables that belong to no task, under the same filter; a chapter or unit hides them. */
export function looseTargets(plan: Plan, filter: PlanFilter): Target[] {
  if (filter.chapter || filter.responsible) return []
  const words = filter.words.trim().toLowerCase()
  return plan.targets.filter(
    (one) =>
      one.task === null &&
      (!filter.state || one.state === filter.state) &&
      one.name.toLowerCase().includes(words),
  )
}

export function shownCounts(groups: readonly TaskGroup[], loose: readonly Target[]) {
  const entries = groups.flatMap((one) => one.entries)
  return {
    tasks: entries.length,
    targets: entries.reduce((sum, one) => sum + one.targets.length, 0) + loose.length,
  }
}

/** Where a task's words stand in the plan's text, so that the text can open at them. */
export function taskSpan(text: string, task: PlanTask): { start: number; end: number } | undefined {
  for (const part of [task.text, task.text.slice(0, 24), task.title]) {
    const start = part ? text.indexOf(part) : -1
    if (start >= 0) {
      const end = part === task.text ? start + part.length : lineEnd(text, start)
      return { start, end }
    }
  }
  return undefined
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
