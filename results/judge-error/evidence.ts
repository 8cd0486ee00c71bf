import type { MetricSpec, MetricValues } from '../../suites/task.ts';

/** What is known of the errors of the scorers behind a run, by instrument. Either part may be missing for any of them. */
export interface JudgeEvidence {
  /** People's labels of this run's own answers. */
  readonly labels: ReadonlyMap<string, RunLabels>;
  /** How a scorer erred on labelled answers from elsewhere. */
  readonly calibrations: ReadonlyMap<string, ScorerErrors>;
}

export const NO_EVIDENCE: JudgeEvidence = { labels: new Map(), calibrations: new Map() };

/** Labels of one instrument: within every cell of a checkpoint a simple random sample. */
export interface RunLabels {
  /** Metrics that a label decides. */
  readonly keys: readonly string[];
  readonly labels: readonly HumanLabel[];
  /** What a label stands for under each metric, as in `LabelRubric`. */
  readonly valuesOf: (label: string, strata: Readonly<Record<string, string>>) => MetricValues;
  /** Checkpoint → cell → its answers when the sample was drawn. */
  readonly populations: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export interface HumanLabel {
  readonly checkpoint: string;
  readonly sample: string;
  readonly repeat: number;
  readonly label: string;
}

/** The confusion of people's labels with a scorer's, from labelled data. */
export interface ScorerErrors {
  /** The name of the data, for people. */
  readonly dataset: string;
  readonly cases: number;
  /** One row for each label that people gave; replies that could not be read are left out. */
  readonly rows: readonly ConfusionRow[];
  readonly valuesOf: RunLabels['valuesOf'];
}

export interface ConfusionRow {
  readonly label: string;
  /** What the scorer said → cases. */
  readonly said: Readonly<Record<string, number>>;
  /** Independent cases that would leave as much uncertainty, divided by the cases; in (0, 1]. */
  readonly effectiveShare: number;
}

/**
 * The cell in which an answer is drawn: what the scorer said, as the values of the metrics that a label decides, and
 * the strata that these metrics tell apart, so that all answers of a cell weigh the same in every one of them.
 */
export function cellOf(
  specs: readonly MetricSpec[],
  keys: readonly string[],
  read: (key: string) => number | undefined,
  strata: Readonly<Record<string, string>>,
): string {
  const values = keys.map((key) => {
    const value = read(key);
    return value === undefined || Number.isNaN(value) ? null : value;
  });
  return JSON.stringify([strataNames(specs, keys).map((name) => strata[name] ?? ''), values]);
}

/** Strata that the metrics contrast or speak of. */
function strataNames(specs: readonly MetricSpec[], keys: readonly string[]): string[] {
  const names = specs
    .filter(({ key }) => keys.includes(key))
    .flatMap(({ fold, within }) => [
      ...(typeof fold === 'object' ? [fold.stratum] : []),
      ...Object.keys(within ?? {}),
    ]);
  return [...new Set(names)].sort();
}
