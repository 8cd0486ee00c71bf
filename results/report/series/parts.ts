import type { Series } from '../../series/series-summary.ts';
import type { Summary } from '../../summary.ts';
import type { NameOf } from '../view.ts';
import { curveTables } from './curve-tables.ts';
import { frontTables } from './front-tables.ts';
import { headlineCurves, seriesGroups } from './groups.ts';
import { keepSentences, keepTables } from './keep-tables.ts';
import type { StepTable } from './step-table.ts';
import { firstSteps, seriesFacts } from './words.ts';

/** What is said of one series, in the order in which it is read. */
export interface SeriesPart {
  readonly series: Series;
  /** Another seed of a training that stands before it. */
  readonly isTwin: boolean;
  readonly heading: string;
  /** Sentences: what moved first, what is kept. */
  readonly lead: readonly string[];
  readonly curves: readonly StepTable[];
  readonly keep: readonly StepTable[];
  readonly fronts: readonly StepTable[];
}

/** Every series that is compared; refused ones have only words. */
export function seriesParts(summary: Summary, nameOf: NameOf): SeriesPart[] {
  const all = seriesGroups(summary).flatMap(({ main, others }) => [
    { series: main, isTwin: false },
    ...others.map((series) => ({ series, isTwin: true })),
  ]);
  return all.map(({ series, isTwin }, index) => {
    const id = `series-${index + 1}`;
    return {
      series,
      isTwin,
      heading: `${nameOf(series.name)}: ${seriesFacts(series, nameOf)}`,
      lead: [
        ...firstSteps(summary, headlineCurves(summary, series)).map((line) => `${line}.`),
        ...keepSentences(summary, series, nameOf),
      ],
      curves: curveTables(summary, series, nameOf, id),
      keep: keepTables(summary, series, nameOf, id),
      fronts: frontTables(summary, series, nameOf, id),
    };
  });
}

export function tablesOf({ curves, keep, fronts }: SeriesPart): StepTable[] {
  return [...curves, ...keep, ...fronts];
}
