import type { Period, Unit } from '@kangqu/model'

export interface UnitNode {
  value: string
  label: string
  children: UnitNode[]
}

/**
 * The units as a tree, in the server's order. A unit whose parent is not among them stands at the
 * top: a user may see a branch without its trunk. Units in a circle of parents stand at the top too.
 */
export function unitTree(units: readonly Unit[]): UnitNode[] {
  const nodes = new Map(units.map((one) => [one.id, { value: one.id, label: one.name, children: [] as UnitNode[] }]))
  const parents = new Map(units.map((one) => [one.id, one.parent]))
  const top: UnitNode[] = []
  for (const unit of units) {
    const node = nodes.get(unit.id)
    if (!node) continue
    const parent = unit.parent !== null && !circular(unit.id, parents) ? nodes.get(unit.parent) : undefined
    if (parent) parent.children.push(node)
    else top.push(node)
  }
  return top
}

function circular(id: string, parents: ReadonlyMap<string, string | null>): boolean {
  let at = parents.get(id) ?? null
  for (let steps = 0; at !== null && steps <= parents.size; steps += 1) {
    if (at === id) return true
    at = parents.get(at) ?? null
  }
  return at !== null
}

export function periodName(periods: readonly Period[], id: string): string {
  return periods.find((one) => one.id === id)?.name ?? id
}

export function unitName(units: readonly Unit[], id: string): string {
  return units.find((one) => one.id === id)?.name ?? ''
}
