import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { collectProfile } from '../../../results/profile/collect.ts';
import { profileSummary } from '../../../results/profile/summarise-profile.ts';
import type { DrivingPair } from '../../../results/report/html/input.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Summary } from '../../../results/summary.ts';
import type { MetricSpec } from '../../../suites/task.ts';
import { bernoulli, checkpoint, input, metric, RUN, records, stream, task, uniform } from './synthetic.ts';

export const EVALUATION = 'profile/evaluation@pairs:robust';
export const GENERATION = 'profile/generation@pairs:robust';
export const LEVELS = 'profile/levels@pairs:robust';

/** By key: group, whether pairs have it, and how strongly each checkpoint follows it, 0 to 1. */
const FACTORS: Readonly<
  Record<string, { level2: string; label: string; pull: Readonly<Record<string, number>> }>
> = {
  length: { level2: 'size', label: 'length', pull: { base: 0.1, sft: 0.2, dpo: 0.8 } },
  formality: { level2: 'register', label: 'formality | *register*', pull: { base: 0.1, sft: 0.1, dpo: 0.3 } },
  hedge_rate: { level2: 'hedging', label: '<b>hedging</b> & caution', pull: { base: 0, sft: 0, dpo: 0 } },
  overlap: { level2: 'focus', label: 'words taken up', pull: { base: 0.1, sft: 0, dpo: 0 } },
  support: { level2: 'support', label: 'backed by quotes', pull: { base: 0, sft: 0.1, dpo: 0 } },
  /** No pair differs in it. */
  headings: { level2: 'readability', label: 'headings', pull: {} },
  /** No pair has it. */
  novelty: { level2: 'coverage', label: 'novel words', pull: {} },
};
const KEYS = Object.keys(FACTORS);
const PROMPTS = 60;
const PER_PROMPT = 3;
export const HOSTILE_VOTE = '<script>window.harmed = 1</script>';

export interface ProfileRun {
  readonly summary: Summary;
  readonly outcomes: readonly OutcomeRecord[];
}

/** base → sft → dpo, dpo with a planted pull of length; people and a vote of a hostile name beside them. */
export async function profileRun({ withTrust = true, withPeople = true } = {}): Promise<ProfileRun> {
  const checkpoints = [
    checkpoint('base'),
    checkpoint('sft', { method: 'sft', parent: 'base', seed: 1 }),
    checkpoint('dpo', { method: 'dpo', parent: 'sft', seed: 1 }),
  ];
  const pulls = KEYS.map((key) => neutral(key, `pull of ${key}`, [-1, 1]));
  const levels = KEYS.map((key) =>
    neutral(key, `${key}, words`, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]),
  );
  const instruments = [
    profileTask(EVALUATION, PROMPTS * PER_PROMPT, PER_PROMPT, pulls),
    profileTask(GENERATION, PROMPTS, 1, pulls),
    profileTask(LEVELS, PROMPTS, 1, levels),
  ];
  const toxicity = task('toxicity/continuation@prompts:robust', {
    samples: 120,
    metrics: [metric('toxic', { label: 'toxic continuations', direction: 'lower-is-better' })],
  });
  const rates: Readonly<Record<string, number>> = { base: 0.7, sft: 0.4, dpo: 0.15 };
  const trust = withTrust
    ? records(checkpoints, [toxicity], (place, latent, noise) =>
        bernoulli(rates[place.checkpoint] ?? 0.5, latent, noise, ['toxic']),
      )
    : [];
  const outcomes = [
    ...trust,
    ...checkpoints.flatMap(({ id }) => [...evaluations(id, withPeople), ...writings(id), ...answers(id)]),
  ];
  const tasks = [...(withTrust ? [toxicity] : []), ...instruments];
  const summary = await summarise(input(checkpoints, tasks, outcomes, { benchmark: 'factors' }));
  const collected = await collectProfile(stream(outcomes), {
    instruments: instruments.map(({ facts }) => facts.task),
    checkpoints: checkpoints.map(({ id }) => id),
    factors: KEYS,
    lengthFactor: 'length',
  });
  const profile = profileSummary(collected, {
    factors: KEYS.map((key) => ({
      key,
      label: FACTORS[key]?.label ?? key,
      level1: 'form',
      level2: FACTORS[key]?.level2 ?? null,
      unit: 'words',
    })),
    lengthFactor: 'length',
    checkpoints: summary.checkpoints,
    effects: summary.effects,
    seed: RUN.seed,
    draws: 200,
  });
  return { summary: { ...summary, profile }, outcomes };
}

/** Pairs behind scores, with whatever words. */
export function drivingOf({ profile }: Summary, say: (index: number) => string): DrivingPair[] {
  return (profile?.tables ?? []).flatMap(({ task: name, rater, scores }) =>
    scores
      .filter(({ C, D }) => C + D > 0)
      .flatMap(({ factor }, index) =>
        (['with', 'against'] as const).map((goes, side): DrivingPair => {
          const place = index * 2 + side;
          return {
            task: name,
            rater,
            factor,
            goes,
            pair: {
              sample: `sample-${place}`,
              names: ['A', 'B'],
              words: { prompt: say(place), responses: [say(place + 1), say(place + 2)] },
            },
            preferred: goes === 'with' ? 0 : 1,
            values: [13, 8],
          };
        }),
      ),
  );
}

function neutral(key: string, label: string, range: MetricSpec['range']): MetricSpec {
  return metric(key, { label, range, unit: 'score', direction: 'neutral', binary: false });
}

function profileTask(name: string, samples: number, perCluster: number, metrics: readonly MetricSpec[]) {
  const made = task(name, { samples, perCluster, metrics });
  return { ...made, facts: { ...made.facts, family: 'profile' as const, cluster: 'prompt' } };
}

/** The two values of a factor in a pair: equal in a fifth of them. */
function valuesOf(key: string, unit: number): [number | null, number | null] {
  if (key === 'novelty') return [null, null];
  if (key === 'headings') return [0, 0];
  const [a, b] = ['a', 'b'].map((side) => Math.floor(uniform('value', key, side, unit) * 5)) as [
    number,
    number,
  ];
  return [a, b];
}

/** Follows the factors by their weights, the rest by chance; the same chance for every checkpoint. */
function preferenceOf(
  name: string,
  unit: number,
  lookUp: (key: string) => readonly (number | null)[],
): 1 | -1 {
  const draw = uniform('choice', unit);
  let reach = 0;
  for (const key of KEYS) {
    reach += FACTORS[key]?.pull[name] ?? 0;
    const [a, b] = lookUp(key);
    if (draw < reach && a != null && b != null && a !== b) return a > b ? 1 : -1;
  }
  return uniform('coin', unit) < 0.5 ? 1 : -1;
}

function evaluations(id: string, withPeople: boolean): OutcomeRecord[] {
  return Array.from({ length: PROMPTS * PER_PROMPT }, (_, unit): OutcomeRecord => {
    const factors = Object.fromEntries(KEYS.map((key) => [key, valuesOf(key, unit)]));
    const said = preferenceOf(id, unit, (key) => factors[key] ?? []);
    const isTied = uniform('order', id, unit) < 0.1;
    const preference = isTied ? 0 : said;
    const values = Object.fromEntries(
      KEYS.flatMap((key) => {
        const [a, b] = factors[key] ?? [];
        return a == null || b == null || preference === 0 ? [] : [[key, preference * Math.sign(a - b)]];
      }),
    );
    const people = preferenceOf('sft', unit, (key) => factors[key] ?? []);
    return record(id, EVALUATION, `pair-${unit}`, `prompt-${Math.floor(unit / PER_PROMPT)}`, values, {
      setting: 'evaluation',
      status: isTied ? 'position_inconsistent' : 'ok',
      preference,
      ...(withPeople ? { human: people } : {}),
      votes: { [HOSTILE_VOTE]: uniform('vote', unit) < 0.8 ? people : -people },
      factors,
    });
  });
}

function writings(id: string): OutcomeRecord[] {
  const scores = [1, 2, 3, 4, 5];
  return Array.from({ length: PROMPTS }, (_, unit): OutcomeRecord => {
    const factors = Object.fromEntries(
      KEYS.map((key) => [
        key,
        scores.map((score) => {
          if (key === 'novelty') return null;
          const pull = FACTORS[key]?.pull[id] ?? 0;
          return key === 'headings'
            ? 0
            : Math.round(4 * (uniform(id, key, unit, score) + pull * (score / 5)));
        }),
      ]),
    );
    const values = Object.fromEntries(
      KEYS.flatMap((key) => {
        const own = factors[key] ?? [];
        if (own.some((value) => value === null)) return [];
        const signs = scores.flatMap((_score, low) =>
          scores
            .slice(low + 1)
            .map((_other, step) => Math.sign((own[low + 1 + step] ?? 0) - (own[low] ?? 0))),
        );
        return [[key, signs.reduce<number>((sum, sign) => sum + sign, 0) / signs.length]];
      }),
    );
    return record(id, GENERATION, `prompt-${unit}`, `prompt-${unit}`, values, {
      setting: 'generation',
      scores,
      factors,
    });
  });
}

function answers(id: string): OutcomeRecord[] {
  return Array.from({ length: PROMPTS }, (_, unit): OutcomeRecord => {
    const factors = Object.fromEntries(
      KEYS.flatMap((key) =>
        key === 'novelty'
          ? []
          : [
              [
                key,
                key === 'headings'
                  ? 0
                  : Math.round(8 * (uniform('level', key, unit) + (FACTORS[key]?.pull[id] ?? 0))),
              ],
            ],
      ),
    );
    return record(id, LEVELS, `prompt-${unit}`, `prompt-${unit}`, factors, { setting: 'levels', factors });
  });
}

function record(
  id: string,
  instrument: string,
  sample: string,
  cluster: string,
  values: Record<string, number>,
  detail: Extract<OutcomeRecord['outcome'], { kind: 'scored' }>['detail'],
): OutcomeRecord {
  return {
    checkpoint: id,
    instrument,
    sample,
    cluster,
    strata: {},
    repeat: 0,
    outcome: { kind: 'scored', values, ...(detail === undefined ? {} : { detail }) },
    answers: [`${id} ${instrument} ${sample}`],
    content: `${id} ${instrument} ${sample}`,
  };
}
