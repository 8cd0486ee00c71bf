import { isNote } from '../alarms/level.ts';
import { counted, grouped, plain, signed, withSide } from '../format.ts';
import { judgeLine } from '../judge-error/words.ts';
import type { Effect, PooledEffect, Summary } from '../summary.ts';
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
    `mean over ${families.length} families ${signed(mean, unit)} ±${plain((high - low) / 2, unit)}${sideWord(mean, unit, direction)}`,
  );
  if (predictionLow !== null && predictionHigh !== null) {
    parts.push(`another family: ${signed(predictionLow, unit)} to ${signed(predictionHigh, unit)}`);
  }
  return parts.join('; ');
}

function sideWord(...[value, unit, direction]: Parameters<typeof withSide>): string {
  return withSide(value, unit, direction).slice(signed(value, unit).length);
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
