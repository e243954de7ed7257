import type { Drawing } from './chart/drawing'

/** Samples for the page of parts: no records, no real figures. */
export const kSwatches = ['ink', 'ink-2', 'ink-3', 'primary', 'met', 'on-track', 'behind', 'not-computable', 'accent', 'series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6'] as const
export const kTexts = ['xxl', 'xl', 'l', 'm', 's', 'xs'] as const
export const kLongList = 300_000

const kYears = ['2022', '2023', '2024', '2025', '2026']
const line = (name: string, from: number, step: number) => ({ name, as: 'line' as const, points: kYears.map((x, n) => ({ x, y: from + step * n })) })

export function sampleDrawings(sample: string): { title: string; drawing: Drawing }[] {
  const axis = { axis: 'category' as const, axisName: sample }
  return [
    {
      title: `${sample} 1`,
      drawing: {
        unit: '%',
        ...axis,
        series: [line('A', 60, 3), { name: 'B', as: 'dashed', points: [{ x: '2026', y: 72 }, { x: '2027', y: 75 }, { x: '2028', y: 78 }] }],
        bands: [{ name: '95%', points: [{ x: '2026', low: 72, high: 72 }, { x: '2027', low: 72, high: 78 }, { x: '2028', low: 72, high: 84 }] }],
        levels: [{ name: sample, value: 80 }],
      },
    },
    {
      title: `${sample} 2`,
      drawing: { unit: 'n', ...axis, stacked: true, incompleteFrom: '2025', series: [1, 2, 3].map((n) => ({ name: `S${n}`, points: kYears.map((x, k) => ({ x, y: n * 10 + ((k * 7 * n) % 13) })) })) },
    },
    {
      title: `${sample} 3`,
      drawing: { unit: '%', ...axis, lying: true, levels: [{ name: sample, value: 70 }], series: [{ name: 'A', points: ['A', 'B', 'C', 'D', 'E'].map((x, n) => ({ x, y: 55 + n * 7 })) }] },
    },
    { title: `${sample} 4`, drawing: { unit: '%', ...axis, series: [] } },
  ]
}
