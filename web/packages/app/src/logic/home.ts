import type { Plan, Target } from '@kangqu/model'

/** Targets in a state, those furthest from what the schedule wants first; those without both numbers last. */
export function targetsInState(plan: Plan, state: string): Target[] {
  return plan.targets.filter((one) => one.state === state).sort((a, b) => gapOf(b) - gapOf(a))
}

/** How far a target is from its schedule as a share of what is wanted; -1 where that cannot be told. */
export function gapOf(target: Target): number {
  const wanted = target.expected ?? (typeof target.due?.value === 'number' ? target.due.value : null)
  if (wanted === null || target.value === null || wanted === 0) return -1
  return Math.abs(wanted - target.value) / Math.abs(wanted)
}

/** The measures a plan computes, each once, in the plan's order. */
export function measuresOf(plan: Plan): { id: string; target: Target }[] {
  const seen = new Set<string>()
  return plan.targets.flatMap((target) => {
    if (target.measure === null || seen.has(target.measure)) return []
    seen.add(target.measure)
    return [{ id: target.measure, target }]
  })
}
