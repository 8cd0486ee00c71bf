import { smallestDetectableDifference } from '../../../results/statistics/detectable.ts';
import { normalQuantile } from '../../../results/statistics/distributions.ts';
import type { Effect } from '../../../results/summary.ts';
import { judged, percent, type Row, share, told } from './row.ts';
import { MISSING, type Planted, type SyntheticTask, syntheticRun } from './synthetic-run.ts';

/** Discordance that the plan is told, and the correlation of flips within a cluster. */
interface Planned extends SyntheticTask {
  readonly discordance: number;
}

/** Rates of 2 % and more, single samples and clusters. */
const TASKS: readonly Planned[] = [
  { name: 'truthfulness/single', samples: 400, perCluster: 1, rate: 0.3, spread: 0.15, discordance: 0.3 },
  { name: 'fairness/clustered', samples: 400, perCluster: 4, rate: 0.5, spread: 0.3, discordance: 0.3 },
  { name: 'toxicity/rare', samples: 1200, perCluster: 1, rate: 0.02, spread: 0.01, discordance: 0.036 },
  { name: 'harm/rare-clustered', samples: 1200, perCluster: 4, rate: 0.02, spread: 0.01, discordance: 0.036 },
];
/** Two children under four headlines. */
const TESTS = 2 * TASKS.length;
const ALPHA = 0.05;
const POWER = 0.8;

/** What a part of the runs found; parts add up. */
export interface FamilyTally {
  /** Runs without any effect, and those of them with a verdict. */
  readonly empty: Count;
  /** Runs with effects in one child, and those of them with a verdict on the other. */
  readonly beside: Count;
  /** By task: planted effects, and those found. */
  readonly found: readonly Count[];
  /** The same by the verdict after Holm's correction, which is never stricter. */
  readonly concluded: readonly Count[];
}

interface Count {
  readonly of: number;
  readonly hits: number;
}

/** Every second run is without effects; in the others one child has an effect of the planned size on every task. */
export async function tallyRuns(from: number, to: number): Promise<FamilyTally> {
  const tallies: FamilyTally[] = [];
  for (let run = from; run < to; run++) {
    const planted = run % 2 === 0 ? [] : plantedIn(run % 4 === 1 ? 'one' : 'other');
    const { effects } = await syntheticRun(TASKS, planted, 50_000 + run);
    const primary = effects.filter(({ family }) => family === 'primary');
    if (primary.length !== TESTS) throw new Error(`${primary.length} primary effects instead of ${TESTS}`);
    tallies.push(tallyOf(primary, planted));
  }
  return addTallies(tallies);
}

function tallyOf(primary: readonly Effect[], planted: readonly Planted[]): FamilyTally {
  const hasVerdict = ({ verdict }: Effect): boolean => verdict === 'improved' || verdict === 'worsened';
  const wrong = primary.some((effect) => effect.to !== planted[0]?.to && hasVerdict(effect));
  const once = { of: 1, hits: wrong ? 1 : 0 };
  const own = planted.map(({ to, task, difference }) => {
    const effect = primary.find((each) => each.to === to && each.task === task);
    return effect !== undefined && Math.sign(effect.delta ?? 0) === Math.sign(difference) ? effect : null;
  });
  const count = (holds: (effect: Effect) => boolean): Count[] =>
    own.map((effect) => ({ of: 1, hits: effect !== null && holds(effect) ? 1 : 0 }));
  return {
    empty: planted.length === 0 ? once : NONE,
    beside: planted.length === 0 ? NONE : once,
    found: count(({ p }) => p !== null && p <= ALPHA / TESTS),
    concluded: count(hasVerdict),
  };
}

export function addTallies(tallies: readonly FamilyTally[]): FamilyTally {
  const sum = (pick: (tally: FamilyTally) => Count | undefined): Count =>
    tallies.reduce((total, tally) => {
      const { of, hits } = pick(tally) ?? NONE;
      return { of: total.of + of, hits: total.hits + hits };
    }, NONE);
  return {
    empty: sum(({ empty }) => empty),
    beside: sum(({ beside }) => beside),
    found: TASKS.map((_, index) => sum(({ found }) => found[index])),
    concluded: TASKS.map((_, index) => sum(({ concluded }) => concluded[index])),
  };
}

const NONE: Count = { of: 0, hits: 0 };

export function familyRows({ empty, beside, found, concluded }: FamilyTally): Row[] {
  return [
    errorRow(`Any verdict where nothing differs (${TESTS} tests, Holm .05)`, empty),
    errorRow('Any verdict on the child without effects, beside one with effects', beside),
    ...TASKS.map(({ name }, index) => powerRow(name, found[index] ?? NONE)),
    ...TASKS.map(({ name }, index) => {
      const { of, hits } = concluded[index] ?? NONE;
      return told('families', `The same on ${name}, by the verdict after Holm`, share(hits, of));
    }),
  ];
}

function errorRow(what: string, { of, hits }: Count): Row {
  const found = hits / of;
  const low = found - normalQuantile(0.99) * Math.sqrt((found * (1 - found)) / of);
  const text = `${share(hits, of)} of ${of} runs, lower bound ${percent(low, 1)}`;
  return judged('families', what, text, '99 % lower bound at most 5 %', of > 0 && low <= ALPHA);
}

function powerRow(task: string, { of, hits }: Count): Row {
  const size = percent(Math.abs(plantedIn('one').find((each) => each.task === task)?.difference ?? 0), 1);
  const what = `Planned effect of ${size} on ${task}, found at .05/${TESTS}`;
  const reach = 0.03 + 2.58 * Math.sqrt((POWER * (1 - POWER)) / Math.max(1, of));
  const passed = of > 0 && Math.abs(hits / of - POWER) <= reach;
  return judged('families', what, share(hits, of), '80 % within 3 points and Monte-Carlo error', passed);
}

/** The task at 2 % has no room to fall, the others go up and down. */
function plantedIn(to: string): Planted[] {
  return TASKS.map((task, index) => ({
    to,
    task: task.name,
    difference: plannedSize(task, to) * (index === 0 ? -1 : 1),
    discordance: task.discordance,
  }));
}

/** What the plan calls the smallest detectable difference, at the pairs that will have both values. */
function plannedSize(task: Planned, to: string): number {
  const kept = (1 - (MISSING['base'] ?? 0)) * (1 - (MISSING[to] ?? 0));
  const size = smallestDetectableDifference({
    n: Math.round(task.samples * kept),
    discordance: task.discordance,
    alpha: ALPHA / TESTS,
    power: POWER,
    designEffect: designEffectOf(task, kept),
    ...(task.perCluster > 1 ? { degreesOfFreedom: task.samples / task.perCluster - 1 } : {}),
  });
  if (size === null) throw new Error(`nothing can be found on ${task.name}`);
  return size;
}

/** Clusters that succeed more often have more to lose and less to gain: their flips correlate. */
function designEffectOf({ perCluster, rate, spread, discordance }: Planned, kept: number): number {
  const slope = discordance / 2 / (1 - rate) + discordance / 2 / rate;
  const correlation = (spread * slope) ** 2 / discordance;
  return 1 + (perCluster * kept - kept) * correlation;
}
