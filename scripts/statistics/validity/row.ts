/** One line of the table. */
export interface Row {
  readonly part: Part;
  readonly what: string;
  /** What was measured, with its Monte-Carlo error where there is one. */
  readonly found: string;
  /** What it must be; null when the line is told and not judged. */
  readonly bound: string | null;
  readonly passed: boolean;
}

export type Part = keyof typeof PARTS;

export const PARTS = {
  proportions: 'Proportions and paired differences, by exact enumeration',
  clustered: 'Clustered intervals',
  refusals: 'What is refused or flagged',
  families: 'False findings and power, through the code behind `report`',
  methods: 'Seeds, families and ranks',
  series: 'Bands over the steps of a series: held at all of them at once',
  factors: 'Factor scores of 100 prompts, planted in simulated raters',
} as const;

export function judged(part: Part, what: string, found: string, bound: string, passed: boolean): Row {
  return { part, what, found, bound, passed };
}

export function told(part: Part, what: string, found: string): Row {
  return { part, what, found, bound: null, passed: true };
}

export function percent(share: number, digits = 2): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** A share with its Monte-Carlo standard error. */
export function share(hits: number, draws: number): string {
  const found = hits / draws;
  return `${percent(found, 1)} ± ${percent(Math.sqrt((found * (1 - found)) / draws), 1)}`;
}

export function extremes(values: readonly number[]): { least: number; most: number; mean: number } {
  return {
    least: Math.min(...values),
    most: Math.max(...values),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  };
}
