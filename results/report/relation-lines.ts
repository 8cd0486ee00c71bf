import { askedName, partsOfInstrument } from '../../suites/task.ts';
import { isNote } from '../alarms/level.ts';
import { counted, grouped, intervalAfter, sideOf, signed, withSide } from '../format.ts';
import { judgeLine } from '../judge-error/words.ts';
import type { Effect, PooledEffect, ReadingAgreement, Summary } from '../summary.ts';
import { metricOf, shortNames, taskOf } from './names.ts';
import { clean } from './text.ts';
import { headlineEffects, type NameOf, titleOf } from './view.ts';

/** Which alarms there are, before anything that they put in doubt; null without any. */
export function alarmLine(summary: Summary): string | null {
  const loud = summary.alarms.filter((alarm) => !isNote(alarm));
  if (loud.length === 0) return null;
  const kinds = [...new Set(loud.map(({ kind }) => clean(kind).replaceAll('-', ' ')))];
  return `${counted(loud.length, 'alarm')}, in full below: ${kinds.join(', ')}`;
}

/** One sentence for each stage that bought one dimension with another. */
export function tradeOffLines(summary: Summary, nameOf: NameOf): string[] {
  const stages = new Set(
    summary.effects.filter(({ kind }) => kind === 'stage').map(({ from, to }) => placeOf(from, to)),
  );
  return summary.relations.tradeOffs
    .filter(({ from, to }) => stages.has(placeOf(from, to)))
    .map(
      ({ from, to, improved, worsened }) =>
        `${nameOf(from)} → ${nameOf(to)}: better in ${listed(improved)}, WORSE in ${listed(worsened)}`,
    );
}

/** One line for each method and headline task that several base families speak of. */
export function pooledLines(summary: Summary): string[] {
  return summary.relations.pooled
    .filter(({ task }) => taskOf(summary, task).primary)
    .map((pooled) => pooledLine(summary, pooled));
}

function pooledLine(summary: Summary, pooled: PooledEffect): string {
  const { task, metric, method, families, mean, low, high, predictionLow, predictionHigh, reason } = pooled;
  const { unit, direction } = metricOf(summary, task, metric);
  const each = families.map(({ family, from, to, delta }) => {
    const effect = summary.effects.find(
      (one) => one.from === from && one.to === to && one.task === task && one.metric === metric,
    );
    const mixed = effect?.confounds.length ? ` [${[...effect.confounds, 'training'].join(' + ')}]` : '';
    return `${clean(family)} ${withSide(delta, unit, direction)}${mixed}`;
  });
  const parts = [`${clean(method)}, ${clean(taskOf(summary, task).dimension)}: ${each.join(', ')}`];
  if (mean === null || low === null || high === null) {
    return [...parts, clean(reason ?? 'not pooled')].join('; ');
  }
  parts.push(
    `mean over ${families.length} families ${signed(mean, unit)}${intervalAfter(mean, low, high, unit)}${sideWord(mean, unit, direction)}`,
  );
  if (predictionLow !== null && predictionHigh !== null) {
    parts.push(`another family: ${signed(predictionLow, unit)} to ${signed(predictionHigh, unit)}`);
  }
  return parts.join('; ');
}

function sideWord(...[value, unit, direction]: Parameters<typeof withSide>): string {
  return withSide(value, unit, direction).slice(signed(value, unit).length);
}

export const READINGS_TITLE = 'Several judges and prompts: the side, a count and no test';

/** One line for each stage and task that several judges read or that was put in several prompts: how many agree. */
export function readingLines(summary: Summary, nameOf: NameOf): string[] {
  return (summary.relations.readings ?? [])
    .filter(({ kind }) => kind === 'stage')
    .map((one) => {
      const stage = `${nameOf(one.from)} → ${nameOf(one.to)}`;
      return `${stage}, ${readName(one)}: ${agreeing(summary, one)}: ${readingsOf(summary, one).join(', ')}`;
    });
}

/** What all readings have in common: the instrument without its judge, or without its preset as well. */
export function readName({ over, task }: ReadingAgreement): string {
  const parts = partsOfInstrument(task);
  return clean(over === 'judges' || parts === null ? askedName(task) : `${parts.task}@${parts.dataset}`);
}

/** `2 of 3 judges say worse`. */
export function agreeing(
  summary: Summary,
  { over, task, metric, readings, compared, sameSign }: ReadingAgreement,
): string {
  const { unit, direction } = metricOf(summary, task, metric);
  const first = readings.find(({ delta }) => delta !== null)?.delta ?? 0;
  const side = sideOf(first, unit, direction);
  return `${sameSign} of ${compared} ${over} ${side === null ? 'show no difference' : `say ${side}`}`;
}

/** `strict −3.1 (worse)`. */
export function readingsOf(summary: Summary, { over, metric, readings }: ReadingAgreement): string[] {
  const formats = new Set(readings.map(({ to }) => formatOf(summary, to)));
  const tasks = new Set(readings.map(({ task }) => task));
  return readings.map(({ task, to, delta }) => {
    const { unit, direction } = metricOf(summary, task, metric);
    const parts = partsOfInstrument(task);
    const prompt = [
      ...(tasks.size > 1 ? [parts?.preset ?? task] : []),
      ...(formats.size > 1 ? [formatOf(summary, to)] : []),
    ].join(' ');
    const name = clean(over === 'judges' ? (parts?.judge ?? task) : prompt);
    return `${name} ${delta === null ? 'not comparable' : withSide(delta, unit, direction)}`;
  });
}

function formatOf({ checkpoints }: Summary, id: string): string {
  return checkpoints.find((one) => one.id === id)?.promptFormat ?? '';
}

/** How often a checkpoint that is asked again answers with another value. */
export function noiseLines(summary: Summary, nameOf: NameOf): string[] {
  const names = shortNames(summary.tasks);
  return summary.relations.noise.map(
    ({ checkpoint, task, n, flipped }) =>
      `${nameOf(checkpoint)}, ${clean(names.get(task) ?? task)}: ${grouped(flipped)} of ${counted(n, 'sample')} flipped`,
  );
}

/** What is left of an effect after the errors of its judge: headline metrics of the main checkpoints. */
export function judgeLines(summary: Summary, nameOf: NameOf): string[] {
  return headlineEffects(summary)
    .filter(({ main }) => main)
    .flatMap((effect) => judgeLineOf(summary, effect, nameOf));
}

function judgeLineOf(summary: Summary, effect: Effect, nameOf: NameOf): string[] {
  const { delta, task } = effect;
  const metric = metricOf(summary, task, effect.metric);
  const line = judgeLine(effect, metric);
  if (line === null || delta === null) return [];
  const name = clean(shortNames(summary.tasks).get(task) ?? task);
  return [
    `${titleOf(effect, nameOf).join(' ')}, ${name}: ${withSide(delta, metric.unit, metric.direction)} measured; ${clean(line)}`,
  ];
}

function placeOf(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

/** `a`, `a and b`, `a, b and c`. */
function listed(words: readonly string[]): string {
  const names = words.map(clean);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
