import { counted, plain, pValue, sideOf, signed } from '../format.ts';
import type { Effect, Summary, SummaryMetric } from '../summary.ts';
import { changed, wordOf } from './latex-cells.ts';
import { longTable } from './latex-table.ts';
import { tex, texName, texNumber } from './latex-text.ts';
import { metricOf, shortNames } from './names.ts';
import { clean } from './text.ts';
import { hasDirection, headlineEffects, titleOf } from './view.ts';

const COLUMNS = 'p{3.2cm}p{2.3cm}rlrrlr';
const FAMILY_MARKS: Readonly<Record<Effect['family'], string>> = {
  primary: ' P',
  profile: ' F',
  dynamics: ' D',
  exploratory: ' E',
  none: '',
};

/** Every comparison under the headline metrics; empty where nothing was compared. */
export function effectTable(summary: Summary): string {
  const effects = headlineEffects(summary);
  if (effects.length === 0) return '';
  const names = shortNames(summary.tasks);
  const { primary, exploratory } = summary.families;
  return longTable({
    label: 'tab:aligntrust-effects',
    caption: `Every comparison of two checkpoints under the headline metrics. Adjusted $p$: Holm over ${counted(primary.tests, 'test')} for headline tasks in stages (P), Benjamini{-}Hochberg over ${counted(exploratory.tests, 'test')} for the rest (E); controls belong to no family. Sees: the smallest change that would have been found with 80\\,\\% power. Run ${texName(summary.run.id)}.`,
    columns: COLUMNS,
    head: [
      ['comparison', 'instrument', 'change', '95\\,\\% interval', '$n$', 'adj.\\ $p$', 'verdict', 'sees'],
    ],
    rows: effects.map((effect) => {
      const title = titleOf(effect, clean).map(texName).join(' ');
      const name = effect.kind === 'control' ? `${title} (control)` : title;
      return rowOf(summary, names, { ...effect, title: name }).map((cell) => [cell]);
    }),
    notes: [],
  });
}

/** Means over training seeds; empty where no method has several. */
export function methodTable(summary: Summary): string {
  const { methods } = summary.relations;
  if (methods.length === 0) return '';
  const names = shortNames(summary.tasks);
  return longTable({
    label: 'tab:aligntrust-methods',
    caption: `Means over training seeds under the headline metrics. The interval counts how far the seeds lie apart as well as the choice of samples, each by its own $t$. Under three seeds there is no verdict. Run ${texName(summary.run.id)}.`,
    columns: COLUMNS,
    head: [
      [
        'comparison, seeds',
        'instrument',
        'mean',
        '95\\,\\% interval',
        '$n$',
        'adj.\\ $p$',
        'verdict',
        'sees',
      ],
    ],
    rows: methods.map((method) => {
      const { direction } = metricOf(summary, method.task, method.metric);
      const title = `${titleOf(method, clean).map(texName).join(' ')}, ${counted(method.seeds.length, 'seed')}`;
      return rowOf(summary, names, { ...method, delta: method.mean, direction, title }).map((cell) => [cell]);
    }),
    notes: [],
  });
}

interface Row
  extends Pick<
    Effect,
    | 'task'
    | 'metric'
    | 'delta'
    | 'low'
    | 'high'
    | 'p'
    | 'pAdjusted'
    | 'family'
    | 'verdict'
    | 'detectable'
    | 'n'
  > {
  readonly direction: SummaryMetric['direction'];
  /** LaTeX. */
  readonly title: string;
}

function rowOf(summary: Summary, names: ReadonlyMap<string, string>, row: Row): string[] {
  const { unit } = metricOf(summary, row.task, row.metric);
  const { delta, low, high, p, pAdjusted, detectable, n } = row;
  const shownP = pAdjusted ?? p;
  return [
    `\\raggedright ${row.title}`,
    `\\raggedright ${texName(names.get(row.task) ?? row.task)}`,
    delta === null ? '--' : changed(delta, unit),
    low === null || high === null
      ? '--'
      : `[${texNumber(signed(low, unit))}, ${texNumber(signed(high, unit))}]`,
    String(n),
    shownP === null ? '--' : `${tex(pValue(shownP))}${FAMILY_MARKS[row.family]}`,
    `${wordOf(row)}${towards(row, unit)}`,
    detectable === null ? '--' : texNumber(plain(detectable, unit)),
  ];
}

/** The side of a number that has no verdict, so that every effect says it. */
function towards({ delta, direction, ...effect }: Row, unit: SummaryMetric['unit']): string {
  const side = delta === null || hasDirection(effect) ? null : sideOf(delta, unit, direction);
  return side === null ? '' : ` (toward ${side})`;
}
