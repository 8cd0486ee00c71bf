import { plain, pValue, signed, withSide } from '../../format.ts';
import type {
  Decomposition,
  MethodEffect,
  NoiseFloor,
  PooledEffect,
  Summary,
  SummaryMetric,
} from '../../summary.ts';
import { metricOf, shortNames } from '../names.ts';
import { agreeing, readingsOf, readName } from '../relation-lines.ts';
import { clean } from '../text.ts';
import { matrixOf, seedMatrix, titleOf, WORDS } from '../view.ts';
import { exploratoryInWords } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { matrixTable } from './answer.ts';
import { type Html, html } from './escape.ts';
import { number, table } from './table.ts';

type Unit = SummaryMetric['unit'];

/** What no single effect says: methods over seeds, method against method, whole paths, families, noise. */
export function relationsSection(summary: Summary, anchors: Anchors): Html {
  const parts = [
    methodsTable(summary),
    overview(
      summary,
      'method',
      'Method against method',
      `One parent; ${exploratoryInWords(summary, 'method')}`,
      anchors,
    ),
    overview(summary, 'total', 'All stages together', exploratoryInWords(summary), anchors),
    seedsTable(summary, anchors),
    decompositionTable(summary),
    pooledTable(summary),
    agreementTable(summary),
    readingTable(summary),
    noiseTable(summary),
  ].filter((part) => part !== null);
  if (parts.length === 0) return html``;
  return html`<section id="methods" aria-labelledby="methods-title">
<h2 id="methods-title">Methods, seeds and whole paths</h2>
${parts}</section>
`;
}

function overview(
  summary: Summary,
  kind: 'method' | 'total',
  title: string,
  caption: string,
  anchors: Anchors,
): Html | null {
  const matrix = matrixOf(summary, kind, clean);
  return matrix === null
    ? null
    : html`<h3>${title}</h3>${matrixTable(summary, matrix, anchors, `${caption}.`)}`;
}

function seedsTable(summary: Summary, anchors: Anchors): Html | null {
  const matrix = seedMatrix(summary, clean);
  if (matrix === null) return null;
  const caption = 'One stage, trained with other seeds: the change from each, and how far they lie apart.';
  return html`<h3>What a training seed is worth</h3>${matrixTable(summary, matrix, anchors, caption)}`;
}

function methodsTable(summary: Summary): Html | null {
  const { methods } = summary.relations;
  if (methods.length === 0) return null;
  return html`<h3>What may be said of a method</h3>${table({
    caption:
      'Mean effect over training seeds; the interval holds for further seeds and further samples of the same kind. A verdict needs three seeds.',
    columns: [
      'task',
      'comparison',
      number('seeds'),
      number('effect of each'),
      number('mean'),
      number('95 % interval'),
      number('adjusted p'),
      'verdict',
    ],
    rows: methods.map((method) => methodRow(summary, method)),
  })}`;
}

function methodRow(summary: Summary, method: MethodEffect) {
  const { task, metric, seeds, mean, low, high, pAdjusted, verdict, reason } = method;
  const { unit, direction } = metricOf(summary, task, metric);
  const tone = verdict === 'improved' ? 'good' : verdict === 'worsened' ? 'bad' : 'quiet';
  return [
    nameOf(summary, task),
    titleOf(method, clean).join(' '),
    number(seeds.length),
    number(seeds.map(({ delta }) => signed(delta, unit)).join('  ')),
    number(withSide(mean, unit, direction)),
    number(between(low, high, unit)),
    number(pAdjusted === null ? '–' : pValue(pAdjusted)),
    {
      part: html`<span class="word">${WORDS[verdict]}</span>${reason === null ? null : html` <small>${clean(reason)}</small>`}`,
      kind: tone,
    },
  ];
}

function decompositionTable(summary: Summary): Html | null {
  const { decompositions } = summary.relations;
  if (decompositions.length === 0) return null;
  return html`<h3>Whole paths, stage by stage</h3>${table({
    caption:
      'The sum of the stages is the total, on the samples that have a value at every checkpoint of the path. 95 % intervals.',
    columns: ['task', 'path', 'stages', number('total'), number('n')],
    rows: decompositions.map((one) => decompositionRow(summary, one)),
  })}`;
}

function decompositionRow(summary: Summary, { task, metric, path, parts, total, n }: Decomposition) {
  const { unit, direction } = metricOf(summary, task, metric);
  const change = ({ delta, low, high }: Decomposition['total']): string =>
    `${withSide(delta, unit, direction)}, ${between(low, high, unit)}`;
  return [
    nameOf(summary, task),
    path.map(clean).join(' → '),
    parts.map((part, index) => html`${index === 0 ? null : html`<br>`}→ ${clean(part.to)} ${change(part)}`),
    number(change(total)),
    number(n),
  ];
}

function pooledTable(summary: Summary): Html | null {
  const { pooled } = summary.relations;
  if (pooled.length === 0) return null;
  return html`<h3>Over base families</h3>${table({
    caption:
      'One effect a family, side by side; random effects from three families on. "next family" is the 95 % prediction interval.',
    columns: ['task', 'method', 'families', number('mean'), number('95 % interval'), number('next family')],
    rows: pooled.map((one) => pooledRow(summary, one)),
  })}`;
}

function pooledRow(summary: Summary, one: PooledEffect) {
  const { unit } = metricOf(summary, one.task, one.metric);
  return [
    nameOf(summary, one.task),
    clean(one.method),
    one.families.map(
      ({ family, delta }, index) => `${index === 0 ? '' : ', '}${clean(family)} ${signed(delta, unit)}`,
    ),
    number(one.mean === null ? clean(one.reason ?? '–') : signed(one.mean, unit)),
    number(between(one.low, one.high, unit)),
    number(between(one.predictionLow, one.predictionHigh, unit)),
  ];
}

function agreementTable(summary: Summary): Html | null {
  const several = summary.relations.agreements.filter(({ tasks }) => tasks > 1);
  if (several.length === 0) return null;
  return html`<h3>Do the tasks of a dimension agree?</h3>${table({
    caption: 'Tasks that moved in the direction of the headline task: a count, not a test.',
    columns: ['dimension', 'stage', number('same direction')],
    rows: several.map(({ dimension, from, to, tasks, sameSign }) => [
      clean(dimension),
      `${clean(from)} → ${clean(to)}`,
      number(`${sameSign} of ${tasks}`),
    ]),
  })}`;
}

function readingTable(summary: Summary): Html | null {
  const stages = (summary.relations.readings ?? []).filter(({ kind }) => kind === 'stage');
  if (stages.length === 0) return null;
  return html`<h3>Do several judges and prompts agree?</h3>${table({
    caption:
      'Judges of the same answers, and prompts of the same task, with the side of the first one: a count, not a test.',
    columns: ['task', 'stage', 'agreement', 'each of them'],
    rows: stages.map((one) => [
      readName(one),
      `${clean(one.from)} → ${clean(one.to)}`,
      agreeing(summary, one),
      readingsOf(summary, one).join(', '),
    ]),
  })}`;
}

function noiseTable(summary: Summary): Html | null {
  const { noise } = summary.relations;
  if (noise.length === 0) return null;
  const share = ({ flipped, n }: NoiseFloor): string =>
    n === 0 ? '–' : `${plain(flipped / n, 'share')} of 100`;
  return html`<h3>The noise floor of flips</h3>${table({
    caption:
      'The same checkpoint asked again with another sampling seed: how many samples had another value.',
    columns: ['checkpoint', 'task', number('asked again'), number('flipped'), number('share')],
    rows: noise.map((one) => [
      clean(one.checkpoint),
      nameOf(summary, one.task),
      number(one.n),
      number(one.flipped),
      number(share(one)),
    ]),
  })}`;
}

function nameOf({ tasks }: Summary, task: string): string {
  return clean(shortNames(tasks).get(task) ?? task);
}

function between(low: number | null, high: number | null, unit: Unit): string {
  return low === null || high === null ? '–' : `${signed(low, unit)} to ${signed(high, unit)}`;
}
