import { plain, pValue, sideOf, signed, withSide } from '../../format.ts';
import { judgeLine } from '../../judge-error/words.ts';
import type { Effect, EffectKind, Summary } from '../../summary.ts';
import { intervalInWords, isSequential } from '../interval-words.ts';
import { seedNote } from '../matrix-cell.ts';
import { metricOf } from '../names.ts';
import { clean } from '../text.ts';
import {
  changeOf,
  failsOnlyAfterCorrection,
  hasDirection,
  headlineEffects,
  overSeeds,
  shownEffect,
  titleOf,
  WORDS,
} from '../view.ts';
import type { Anchors } from './anchors.ts';
import { effectBar, scalesOf } from './bars.ts';
import { type Html, html, type Part } from './escape.ts';
import { number, type TableCell, table } from './table.ts';

const KINDS: readonly (readonly [EffectKind, string])[] = [
  ['stage', 'Every stage'],
  ['method', 'Method against method'],
  ['total', 'All stages together'],
  ['control', 'Controls'],
];

/** Every effect of the main checkpoints: a forest plot and its numbers for each comparison and dimension. */
export function detailSection(summary: Summary, anchors: Anchors): Html {
  const headlines = new Set(headlineEffects(summary));
  const main = summary.effects.filter(
    (effect) => effect.main && (effect.kind === 'stage' || headlines.has(effect)),
  );
  if (main.length === 0) return html``;
  return html`<section id="effects" aria-labelledby="effects-title">
<h2 id="effects-title">Every effect and the tasks behind it</h2>
<p>One table for each comparison and dimension: of a stage every task under every metric, of the others under its headline metric, which is in bold. Right of the line is better.</p>
${KINDS.map(([kind, title]) => {
  const groups = groupsOf(main.filter((effect) => effect.kind === kind));
  return groups.length === 0
    ? null
    : html`<h3>${title}</h3>${groups.map((group) => groupDetails(summary, group, anchors))}`;
})}
</section>
`;
}

function groupsOf(effects: readonly Effect[]): Effect[][] {
  const groups = new Map<string, Effect[]>();
  for (const effect of effects) {
    const key = JSON.stringify([effect.from, effect.to, effect.dimension]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [effect]);
    else group.push(effect);
  }
  return [...groups.values()];
}

function groupDetails(summary: Summary, effects: readonly Effect[], anchors: Anchors): Html | null {
  const [first] = effects;
  if (first === undefined) return null;
  const isHeadline = ({ task, metric }: Effect): boolean =>
    summary.tasks.some((one) => one.task === task && one.headline === metric);
  const primaries = new Set(summary.tasks.flatMap(({ task, primary }) => (primary ? [task] : [])));
  const head =
    effects.find((effect) => isHeadline(effect) && primaries.has(effect.task)) ?? effects.find(isHeadline);
  const title = `${clean(first.dimension)}: ${titleOf(first, clean).join(' ')}`;
  const scales = scalesOf(summary, effects);
  return html`<details class="effect" id="${anchors.detail(first)}"><summary>${title}${
    head === undefined ? null : headWords(summary, head)
  }</summary>${head === undefined ? null : overSeedsLine(summary, head)}
${table({
  caption: `${title}. Change = second minus first checkpoint, on the samples that both have a value for.`,
  columns: [
    'task and metric',
    'verdict',
    number('change'),
    'worse | better',
    number(isSequential(summary) ? intervalInWords(summary) : '95 % interval'),
    number('adjusted p'),
    number('n'),
    number('better / worse'),
    number('could see'),
  ],
  rows: effects.map((effect) =>
    effectRow(summary, effect, isHeadline(effect), effectBar(summary, effect, scales), anchors),
  ),
})}<p class="links"><a href="#flips" data-parent="${first.from}" data-child="${first.to}" data-dimension="${first.dimension}">Samples that flipped</a> · <a href="#answer">Back to the answer</a></p></details>
`;
}

/** What the cell of the answer says. */
function headWords(summary: Summary, head: Effect): Html {
  const shown = shownEffect(summary, head);
  const { unit } = metricOf(summary, head.task, head.metric);
  const side = shown.delta === null || hasDirection(shown) ? null : sideOf(shown.delta, unit, head.direction);
  const caveat = overSeeds(summary, head) === undefined ? seedNote(head, unit, false) : null;
  return html` <span class="${toneOf(shown)}"><span class="word">${WORDS[shown.verdict]}</span> ${changeOf(summary, head, shown)}${side === null ? null : ` toward ${side}`}</span>${caveat === null ? null : html` <small>${caveat}</small>`}`;
}

/** The cell may be a mean; the table below it is of one training run. */
function overSeedsLine(summary: Summary, head: Effect): Html | null {
  const over = overSeeds(summary, head);
  if (over === undefined) return null;
  const { unit } = metricOf(summary, head.task, head.metric);
  const each = over.seeds.map(({ delta }) => signed(delta, unit)).join(', ');
  return html`<p>The answer shows the mean of ${over.seeds.length} training seeds (${each}); this table is of ${clean(head.to)}, the run that the definition names first.</p>`;
}

/** The signed change; with its side where the verdict does not say it. */
function changeIn(summary: Summary, { task, metric, delta, verdict, direction }: Effect): string {
  if (delta === null) return '';
  const { unit } = metricOf(summary, task, metric);
  return hasDirection({ verdict }) ? signed(delta, unit) : withSide(delta, unit, direction);
}

function effectRow(
  summary: Summary,
  effect: Effect,
  isHeadline: boolean,
  bar: Part,
  anchors: Anchors,
): TableCell[] {
  const { task, metric, verdict, low, high, pAdjusted, detectable, n, clusters, gained, lost } = effect;
  const { label, unit } = metricOf(summary, task, metric);
  const tone = toneOf(effect);
  const remarks = remarksOn(summary, effect).join('; ');
  const name = html`<a href="#${anchors.task(task)}">${clean(task)}</a><small>${clean(label)}${unit === 'share' ? null : `, in ${unit}`}</small>${remarks === '' ? null : html`<small>${remarks}</small>`}`;

  return [
    { part: name, kind: isHeadline ? 'headline' : 'other' },
    { part: html`<span class="word">${WORDS[verdict]}</span>`, kind: tone },
    number(changeIn(summary, effect)),
    { part: bar, kind: tone },
    number(low === null || high === null ? '–' : `${signed(low, unit)} to ${signed(high, unit)}`),
    number(pAdjusted === null ? '–' : pValue(pAdjusted)),
    number(clusters === n ? String(n) : `${n} in ${clusters}`),
    number(`${gained} / ${lost}`),
    number(detectable === null ? '–' : `≥ ${plain(detectable, unit)}`),
  ];
}

function toneOf({ verdict }: Pick<Effect, 'verdict'>): string {
  return verdict === 'improved' ? 'good' : verdict === 'worsened' ? 'bad' : 'quiet';
}

/** Whatever else a reviewer must know of one effect. */
function remarksOn(summary: Summary, effect: Effect): string[] {
  const { unit } = metricOf(summary, effect.task, effect.metric);
  const between = ({ low, high }: { low: number; high: number }): string =>
    `${signed(low, unit)} to ${signed(high, unit)}`;
  const { droppedFrom, droppedTo, simultaneous, missingBounds, equivalence, judge, family } = effect;
  return [
    effect.reason === null ? null : clean(effect.reason),
    failsOnlyAfterCorrection(effect) ? 'not after correction' : null,
    family === 'exploratory' ? 'exploratory' : null,
    droppedFrom + droppedTo === 0 ? null : `without a value: ${droppedFrom} before, ${droppedTo} after`,
    effect.missingDiffers ? 'missingness differs between the sides' : null,
    missingBounds == null ? null : `were what is missing all worst or all best: ${between(missingBounds)}`,
    simultaneous == null ? null : `simultaneous 95 % (one step, Bonferroni) ${between(simultaneous)}`,
    seedNote(effect, unit, false),
    effect.confounds.length === 0 ? null : `training and also: ${effect.confounds.map(clean).join(', ')}`,
    equivalence == null
      ? null
      : `${equivalence.equivalent ? 'equivalent' : 'not shown equivalent'} within ±${plain(equivalence.margin, unit)} (p ${pValue(equivalence.p)})`,
    judge == null ? null : clean(judgeLine(effect, { unit }) ?? ''),
  ].filter((line) => line !== null);
}
