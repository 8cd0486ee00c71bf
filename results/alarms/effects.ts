import type { MetricSpec } from '../../suites/task.ts';
import { type EffectInput, headlineOf } from '../effects/effects.ts';
import { pairUp } from '../effects/paired.ts';
import { percent, unitName, withSide } from '../format.ts';
import { ALPHA } from '../settings.ts';
import type { Alarm, Effect } from '../summary.ts';
import type { AlarmInput } from './alarms.ts';

/**
 * Sides that lack values for unequally many samples, by more than chance explains: what is missing can fake an effect,
 * so the message says between which bounds it lies whatever the missing values are.
 */
export function missingnessAlarms({ inputs, effects }: AlarmInput): Alarm[] {
  const alarms = ['stage', 'method'].flatMap((kind) =>
    effects
      .filter((effect) => effect.kind === kind && effect.missingDiffers)
      .flatMap((effect) => {
        const input = inputs.find(({ task }) => task.task === effect.task && task.headline === effect.metric);
        return input === undefined ? [] : missingnessAlarm(input, effect);
      }),
  );
  // A checkpoint that lacks values against its parent lacks them against its siblings too: said once.
  const places = alarms.map(({ checkpoint, task }) => JSON.stringify([checkpoint, task]));
  return alarms.filter((_, index) => places.indexOf(places[index] as string) === index);
}

function missingnessAlarm(input: EffectInput, effect: Effect): Alarm[] {
  const spec = headlineOf(input);
  const asked = pairUp(input.table, spec, effect.from, effect.to)?.asked.length ?? 0;
  if (asked === 0) return [];
  const [from, to] = [effect.droppedFrom / asked, effect.droppedTo / asked];
  const [fewer, more] = from < to ? [effect.from, effect.to] : [effect.to, effect.from];
  const shares = `no value for ${percent(Math.max(from, to))} of its samples, against ${percent(Math.min(from, to))} of ${fewer}`;
  const message = `${shares}${boundsInWords(spec, effect)}`;
  return [{ kind: 'uneven-missingness', level: 'alarm', checkpoint: more, task: effect.task, message }];
}

/** Sampled p values cannot fall below 1 in 10,001, which a very large family turns into nothing. */
export function familyAlarms({ primaryTests, draws, effects }: AlarmInput): Alarm[] {
  const isSampled = effects.some(
    ({ family, test }) => family === 'primary' && test === 'cluster-sign-flip-sampled',
  );
  if (!isSampled || primaryTests / (draws + 1) <= ALPHA) return [];
  const message = `${primaryTests} tests are corrected together, more than ${draws} random sign flips can resolve: no sampled test can reach a verdict; run fewer tasks or checkpoints together`;
  return [{ kind: 'coarse-p', level: 'alarm', checkpoint: null, task: null, message }];
}

function boundsInWords({ unit, direction }: MetricSpec, { from, to, missingBounds }: Effect): string {
  if (missingBounds === null) return '';
  const end = (value: number): string => withSide(value, unit, direction);
  return `; whatever these would have been, ${to} minus ${from} lies between ${end(missingBounds.low)} and ${end(missingBounds.high)} ${unitName(unit)}`;
}
