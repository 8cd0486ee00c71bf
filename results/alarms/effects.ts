import type { MetricSpec } from '../../suites/task.ts';
import { type EffectInput, headlineOf } from '../effects/effects.ts';
import { pairUp } from '../effects/paired.ts';
import { twinGroups } from '../effects/twins.ts';
import { percent, pValue, unitName, withSide } from '../format.ts';
import { ALPHA } from '../settings.ts';
import { MINIMUM_SEEDS } from '../statistics/seed-variance.ts';
import type { Alarm, Effect } from '../summary.ts';
import type { AlarmInput } from './alarms.ts';

/**
 * Sides that lack values for unequally many samples, by more than chance explains: what is missing can fake an effect,
 * so the message says between which bounds it lies whatever the missing values are.
 */
export function missingnessAlarms({ inputs, effects }: AlarmInput): Alarm[] {
  const alarms = ['stage', 'method', 'total'].flatMap((kind) =>
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
  // Without a shared sample there is no effect that missing values could fake.
  if (effect.n === 0) return [];
  const spec = headlineOf(input);
  const asked = pairUp(input.table, spec, effect.from, effect.to)?.asked.length ?? 0;
  if (asked === 0) return [];
  const [from, to] = [effect.droppedFrom / asked, effect.droppedTo / asked];
  const [fewer, more] = from < to ? [effect.from, effect.to] : [effect.to, effect.from];
  const shares = `no value for ${percent(Math.max(from, to))} of its samples, against ${percent(Math.min(from, to))} of ${fewer}`;
  const message = `${shares}${boundsInWords(spec, effect)}`;
  return [{ kind: 'uneven-missingness', level: 'alarm', checkpoint: more, task: effect.task, message }];
}

/** Two methods with enough training seeds each, too few of them equal to compare the methods seed by seed. */
export function seedAlarms({ checkpoints, effects }: Pick<AlarmInput, 'checkpoints' | 'effects'>): Alarm[] {
  const twins = twinGroups(checkpoints);
  const byId = new Map(checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]));
  const seedsOf = (id: string) => (twins.get(id) ?? []).flatMap((twin) => byId.get(twin)?.seed ?? []);
  const pairs = new Map(
    effects
      .filter(({ kind, main }) => kind === 'method' && main)
      .map(({ from, to }) => [JSON.stringify([from, to]), { from, to }]),
  );
  return [...pairs.values()].flatMap(({ from, to }): Alarm[] => {
    const [left, right] = [seedsOf(from), seedsOf(to)];
    const equal = left.filter((seed) => right.includes(seed)).length;
    if (Math.min(left.length, right.length) < MINIMUM_SEEDS || equal >= MINIMUM_SEEDS) return [];
    const message = `its training seeds are ${right.join(', ')}, those of ${from} are ${left.join(', ')}: methods are compared over equal seeds, of which there are ${equal} and must be ${MINIMUM_SEEDS}; between ${to} and ${from} one training run stands for each method`;
    return [{ kind: 'unequal-seeds', level: 'alarm', checkpoint: to, task: null, message }];
  });
}

/**
 * Primary tests whose p cannot fall far enough for Holm's correction, whatever they find: p from draws is at least
 * 1 / (draws + 1), p from all sign patterns of G clusters at least 2 / 2^G, McNemar's from G pairs likewise. Tests that
 * did find a smaller p come first in Holm's order and leave fewer to correct for.
 */
export function familyAlarms({
  primaryTests,
  draws,
  effects,
}: Pick<AlarmInput, 'primaryTests' | 'draws' | 'effects'>): Alarm[] {
  const members = effects.filter(({ family, p }) => family === 'primary' && p !== null);
  const isTooCoarse = (least: number): boolean => {
    const before = members.filter(({ p }) => (p as number) < least).length;
    return (primaryTests - before) * least > ALPHA;
  };
  const together = `${primaryTests} tests are corrected together`;
  const sampled = members.some(({ test }) => test === 'cluster-sign-flip-sampled');
  const fromDraws =
    sampled && isTooCoarse(1 / (draws + 1))
      ? [
          coarse(
            null,
            `${together}, more than ${draws} random draws can resolve: no sampled test can reach a verdict; run fewer tasks or checkpoints together`,
          ),
        ]
      : [];
  const exact = members.filter(
    ({ test, clusters }) =>
      (test === 'cluster-sign-flip-exact' || test === 'mcnemar-exact') && isTooCoarse(2 ** (1 - clusters)),
  );
  const fromClusters = [...new Set(exact.map(({ task }) => task))].map((task) => {
    const clusters = Math.max(...exact.filter((effect) => effect.task === task).map((each) => each.clusters));
    return coarse(
      task,
      `${together}, more than ${clusters} clusters can resolve (p is at least ${pValue(2 ** (1 - clusters))}): no effect on this task can reach a verdict; ask more samples, or run fewer tasks or checkpoints together`,
    );
  });
  return [...fromDraws, ...fromClusters];
}

function coarse(task: string | null, message: string): Alarm {
  return { kind: 'coarse-p', level: 'alarm', checkpoint: null, task, message };
}

function boundsInWords({ unit, direction }: MetricSpec, { from, to, missingBounds }: Effect): string {
  if (missingBounds === null) return '';
  const end = (value: number): string => withSide(value, unit, direction);
  return `; whatever these would have been, ${to} minus ${from} lies between ${end(missingBounds.low)} and ${end(missingBounds.high)} ${unitName(unit)}`;
}
