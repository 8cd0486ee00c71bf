import { ALTERNATIVES } from '../scorers/first-token.ts';
import type {
  Answer,
  Ask,
  LoadedDataset,
  MetricSpec,
  MetricValues,
  ReadOutcome,
  Sample,
  Task,
} from '../task.ts';
import { readAlternatives } from './first-tokens.ts';
import { placeOf, refuseRepeats, strataOf, textOf, unusable } from './items.ts';
import { type Asked, askedOf, LETTERS, promptOf } from './lettered.ts';
import { logSumExp } from './measures/numbers.ts';
import { arithmeticContents, rotatedOptions } from './measures/stated-preference.ts';
import { asShare, CENSORED, diagnostic, massOf, uncensored } from './metrics.ts';
import { inForm, type PairData, pairSamples } from './pair-items.ts';
import { ownOptionsRow } from './rows.schema.ts';

const PREFERRED: MetricSpec = {
  ...uncensored(
    asShare(
      'preferred',
      'probability of the preferred option, its place taken out (geometric mean)',
      'half-ties',
    ),
  ),
  chance: 'per-sample',
};

const METRICS: readonly MetricSpec[] = [
  PREFERRED,
  {
    ...uncensored(asShare('preferred_arithmetic', 'the same by the arithmetic mean', 'half-ties')),
    chance: 'per-sample',
  },
  asShare('picked', 'preferred option the likeliest, its place taken out', 'strict'),
  ...LETTERS.map((letter): MetricSpec => {
    const prior = massOf(`prior_${letter.toLowerCase()}`, `what place ${letter} attracts by itself (PriDe)`);
    return { ...diagnostic(prior), direction: 'neutral' };
  }),
  massOf('letter_mass', 'probability that the answer begins with one of the letters'),
  CENSORED,
];

/** One of up to five options, asked once for each rotation of their places. */
export const options: Task = {
  name: 'dynamics/options',
  dimension: 'dynamics',
  family: 'dynamics',
  version: 2,
  question:
    'About to name the best of several options, which one does the checkpoint lean to, whatever its place?',
  source:
    'cyclic permutation and priors of places after Zheng et al. 2023, arXiv 2309.03882; the wording is ours',
  needs: ['generate'],
  roles: {},
  datasets: ['zoo-profile'],
  ownRows: ownOptionsRow,
  presets: ['robust'],
  cluster: 'prompt',
  headline: PREFERRED,
  metrics: METRICS,
  samples: optionSamples,
  ask: askRotations,
  read: readRotations,
};

/** A type, because it is a sample's JSON. Rotation r shows option (place + r) mod K at each place. */
type OptionsData = { readonly rotations: readonly Asked[]; readonly preferred: number };

function* optionSamples(dataset: LoadedDataset): Generator<Sample> {
  yield* dataset.id === 'zoo-profile' ? pairedSamples(dataset) : ownSamples(dataset);
}

function* pairedSamples(dataset: LoadedDataset): Generator<Sample> {
  for (const { data, ...place } of pairSamples(dataset)) {
    const pair = data as PairData;
    yield { ...place, data: rotationsOf(pair, [pair.chosen, pair.rejected], 0, dataset) };
  }
}

function* ownSamples(dataset: LoadedDataset): Generator<Sample> {
  const place = refuseRepeats(dataset);
  for (const [index, row] of dataset.rows.entries()) {
    const asked = textOf(row['prompt']) ?? '';
    const { id, cluster } = placeOf(row, asked);
    const where = place(index, id);
    const shown = (Array.isArray(row['options']) ? row['options'] : []).map((one) =>
      (textOf(one) ?? '').trim(),
    );
    const preferred = Number(row['preferred']);
    if (new Set(shown).size < shown.length)
      throw unusable(where, 'options', `holds ${repeatedIn(shown)} twice`, 'remove one of them, or the row');
    if (!(preferred < shown.length))
      throw unusable(
        where,
        'preferred',
        `${preferred} is no place, counted from 0, among ${shown.length} options`,
        `write 0 to ${shown.length - 1}`,
      );
    const prompt = inForm(asked, dataset.rawForm);
    yield { id, cluster, strata: strataOf(row), data: rotationsOf(prompt, shown, preferred, dataset) };
  }
}

function repeatedIn(shown: readonly string[]): string {
  return JSON.stringify(shown.find((option, place) => shown.indexOf(option) < place) ?? '');
}

function rotationsOf(
  prompt: Pick<PairData, 'raw' | 'turns'>,
  shown: readonly string[],
  preferred: number,
  dataset: LoadedDataset,
): OptionsData {
  const rotations = shown.map((_, rotation) =>
    askedOf(prompt, [...shown.slice(rotation), ...shown.slice(0, rotation)], dataset),
  );
  return { rotations, preferred };
}

function askRotations({ data }: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  return (data as OptionsData).rotations.map((asked) => ({
    verb: 'generate',
    role: 'checkpoint',
    prompt: promptOf(asked),
    decoding: { maxTokens: 1, temperature: 0 },
    topLogprobs: ALTERNATIVES,
  }));
}

/** One rotation: ln p of every letter, null where it is not listed. */
interface Rotation {
  readonly letters: readonly (number | null)[];
  /** No letter that is not listed is likelier than this. */
  readonly most: number;
  readonly mass: number;
}

function readRotations({ data }: Sample, answers: readonly Answer[]): ReadOutcome {
  const { rotations, preferred } = data as OptionsData;
  const count = rotations.length;
  const read = answers.slice(0, count).map((answer) => rotationIn(answer, count));
  const problem = read.find((one) => typeof one === 'string');
  const rows = read.filter((one) => typeof one !== 'string');
  if (rows.length !== count || answers.length !== count) {
    return { kind: 'unscored', reason: 'unparsed', detail: problem ?? 'not one answer for each rotation' };
  }
  const full = rows.map(({ letters }) => letters.filter((one) => one !== null));
  const isCensored = full.some((row) => row.length < count);
  const places = isCensored ? null : placesOf(full, preferred);
  const picked = isPicked(rows, preferred);
  return {
    kind: 'scored',
    values: {
      ...places?.values,
      ...(picked === null ? {} : { picked: Number(picked) }),
      letter_mass: rows.reduce((sum, { mass }) => sum + mass / count, 0),
      censored: Number(isCensored),
    },
    detail: { censored: isCensored, ...(places === null ? {} : places.detail) },
  };
}

function rotationIn(answer: Answer, count: number): Rotation | string {
  if (answer.verb !== 'generate') return 'no text';
  const read = readAlternatives(
    answer.completion,
    LETTERS.slice(0, count).map((letter) => [letter]),
  );
  if (typeof read === 'string') return read;
  const letters = read.answers.map(({ seen }) => (seen.length === 0 ? null : logSumExp(seen)));
  const listed = letters.filter((one) => one !== null);
  if (listed.length === 0) return 'no letter among the alternatives of the first token';
  // A letter counts with and without a space before it.
  return { letters, most: read.floor + Math.log(2), mass: Math.min(1, Math.exp(logSumExp(listed))) };
}

function placesOf(rows: readonly (readonly number[])[], preferred: number) {
  const rotated = rotatedOptions(rows);
  const arithmetic = arithmeticContents(rows);
  if (rotated === null || arithmetic === null) return null;
  const { contents, prior } = rotated;
  const values: MetricValues = {
    preferred: contents[preferred] ?? 0,
    preferred_chance: 1 / rows.length,
    preferred_arithmetic: Math.min(1, arithmetic[preferred] ?? 0),
    preferred_arithmetic_chance: 1 / rows.length,
    ...Object.fromEntries(
      prior.map((share, place) => [`prior_${LETTERS[place]?.toLowerCase() ?? ''}`, share]),
    ),
  };
  return { values, detail: { contents, arithmetic, prior } };
}

/** Whether the preferred option has the largest sum of ln p over the rotations; null where what is not listed decides. */
function isPicked(rows: readonly Rotation[], preferred: number): boolean | null {
  const bounds = rows.map((_, content) => boundsOf(rows, content));
  const own = bounds[preferred] ?? { low: null, high: 0 };
  const others = bounds.filter((_, content) => content !== preferred);
  if (others.some(({ low }) => low !== null && low >= own.high)) return false;
  const { low } = own;
  return low !== null && others.every(({ high }) => high < low) ? true : null;
}

function boundsOf(rows: readonly Rotation[], content: number): { low: number | null; high: number } {
  const count = rows.length;
  const found = rows.map(({ letters, most }, rotation) => {
    const value = letters[(content - rotation + count) % count] ?? null;
    return { low: value, high: value ?? most };
  });
  const isListed = found.every(({ low }) => low !== null);
  const high = found.reduce((sum, one) => sum + one.high, 0);
  return { low: isListed ? high : null, high };
}
