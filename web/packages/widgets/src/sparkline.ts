export interface SparkPoint {
  label: string
  value: number | null
}

export interface SparkShape {
  /** Line pieces; a missing value breaks the line instead of bridging it. */
  lines: string[]
  last: { x: number; y: number } | undefined
  target: number | undefined
}

const kPad = 4

/** Geometry of a small trend: values left to right, an optional level drawn across. */
export function sparkShape(
  points: readonly SparkPoint[],
  target: number | null,
  width: number,
  height: number,
): SparkShape {
  const values = points.flatMap((one) => (one.value === null ? [] : [one.value]))
  if (values.length === 0) return { lines: [], last: undefined, target: undefined }
  const all = target === null ? values : [...values, target]
  const low = Math.min(...all)
  const span = Math.max(...all) - low || 1
  const step = points.length > 1 ? (width - 2 * kPad) / (points.length - 1) : 0
  const x = (index: number) => round(points.length > 1 ? kPad + index * step : width / 2)
  const y = (value: number) => round(height - kPad - ((value - low) / span) * (height - 2 * kPad))
  const lines: string[] = []
  let current: string[] = []
  let last: SparkShape['last']
  points.forEach((point, index) => {
    if (point.value === null) {
      if (current.length > 1) lines.push(current.join(' '))
      current = []
      return
    }
    last = { x: x(index), y: y(point.value) }
    current.push(`${last.x},${last.y}`)
  })
  if (current.length > 1) lines.push(current.join(' '))
  return { lines, last, target: target === null ? undefined : y(target) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
