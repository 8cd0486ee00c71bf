import type { ContinuationScore } from '../../adapters/model.ts';
import { areUsable } from '../scorers/multiple-choice.ts';
import type { Answer, Ask, MetricSpec, ReadOutcome, Sample, Task } from '../task.ts';
import { klEstimates } from './measures/kl.ts';
import { meanOf } from './measures/numbers.ts';
import { asShare, diagnostic, inNats } from './metrics.ts';
import { promptOf } from './pair-items.ts';
import { type DrawnPrompt, promptSamples } from './prompt-items.ts';
import { ownPromptRow } from './rows.schema.ts';

/** Answers drawn from each prompt, and where each is cut. */
const DRAWS = 4;
const MAX_TOKENS = 64;
/** No text of so many tokens is longer; a server that sends more did not do what it was asked. */
const MOST_CHARACTERS = 8_000;
const LEAST = -1e9;

const K1 = inNats(
  'kl_k1',
  "KL to the reference, of an answer's text without the end of it (k1: may fall below 0)",
);

const METRICS: readonly MetricSpec[] = [
  K1,
  inNats('kl_k2', 'the same by k2: biased, never below 0', 0),
  inNats('kl_k3_per_token', 'KL to the reference per token (k3: never below 0)', 0),
  inNats('kl_k1_per_token', 'KL to the reference per token (k1)'),
  ofDraws('truncated_draws', `draws cut after ${MAX_TOKENS} tokens`),
  ofDraws('empty_draws', 'draws without text'),
];

function ofDraws(key: string, label: string): MetricSpec {
  return { ...diagnostic(asShare(key, label, 'half-ties')), chance: null };
}

/**
 * How far the checkpoint went from its reference: the KL of the text of its own answers. Where an answer ends is not
 * scored, so that nothing here is a KL of whole answers where their lengths change.
 */
export const kl: Task = {
  name: 'dynamics/kl',
  dimension: 'dynamics',
  family: 'dynamics',
  version: 1,
  question:
    'How far, in nats an answer, has the text of its answers, their ends apart, moved away from the reference?',
  source: 'estimators k1, k2 and k3 of Schulman 2020 on answers drawn at temperature 1',
  needs: ['generate', 'score'],
  roles: { reference: ['score'] },
  datasets: ['zoo-profile', 'hh-rlhf-pairs'],
  ownRows: ownPromptRow,
  presets: ['robust'],
  cluster: 'prompt',
  headline: K1,
  metrics: METRICS,
  samples: promptSamples,
  ask: askKl,
  read: readKl,
};

/** First the draws; then each different text is scored once by both models. */
function askKl({ data }: Sample, answers: readonly Answer[]): readonly Ask[] {
  const drawn = data as DrawnPrompt;
  const prompt = promptOf(drawn);
  if (answers.length < DRAWS) {
    const decoding = { maxTokens: MAX_TOKENS, temperature: 1, topP: 1, stop: drawn.stop };
    return Array.from({ length: DRAWS - answers.length }, (_, index) => ({
      verb: 'generate',
      role: 'checkpoint',
      prompt,
      decoding,
      draw: answers.length + index,
    }));
  }
  const { texts, problem } = drawsIn(answers);
  if (answers.length > DRAWS || texts.length === 0 || problem !== undefined) return [];
  const continuations = [...new Set(texts)];
  // The text stands right behind the prompt, as it was drawn: a space that it begins with is its own.
  return (['checkpoint', 'reference'] as const).map((role) => ({
    verb: 'score',
    role,
    prompt,
    continuations,
    delimiter: '',
  }));
}

interface Draws {
  readonly texts: readonly string[];
  readonly empty: number;
  readonly cut: number;
  readonly withheld: number;
  readonly problem?: string;
}

function drawsIn(answers: readonly Answer[]): Draws {
  const completions = answers
    .slice(0, DRAWS)
    .flatMap((answer) => (answer.verb === 'generate' ? [answer.completion] : []));
  const given = completions.filter(({ finish }) => finish !== 'filter');
  const kept = given.filter(({ text }) => text.trim() !== '');
  const tooLong = kept.some(({ text }) => text.length > MOST_CHARACTERS);
  return {
    texts: kept.map(({ text }) => text),
    empty: given.length - kept.length,
    cut: kept.filter(({ finish }) => finish === 'length').length,
    withheld: completions.length - given.length,
    ...(tooLong ? { problem: `a draw is longer than ${MAX_TOKENS} tokens can be` } : {}),
  };
}

function readKl(_sample: Sample, answers: readonly Answer[]): ReadOutcome {
  const draws = drawsIn(answers);
  const { texts, empty, cut, withheld, problem } = draws;
  if (problem !== undefined) return unread(problem);
  if (texts.length === 0) {
    if (empty > 0) return { kind: 'unscored', reason: 'empty' };
    return withheld > 0 ? { kind: 'unscored', reason: 'refused' } : unread('no draw');
  }
  const scored = scoresIn(answers, new Set(texts).size);
  if (typeof scored === 'string') return unread(scored);
  const places = new Map([...new Set(texts)].map((text, place) => [text, place]));
  const own = texts.map((text) => scored.own[places.get(text) ?? 0]).filter((one) => one !== undefined);
  const reference = texts
    .map((text) => scored.reference[places.get(text) ?? 0])
    .filter((one) => one !== undefined);
  const whole = klEstimates(own.map(sumOf), reference.map(sumOf));
  const tokens = klEstimates(own.flatMap(tokensOf), reference.flatMap(tokensOf));
  if (whole === null || tokens === null || whole.k1 === null || whole.k2 === null)
    return unread('no finite estimate');
  return {
    kind: 'scored',
    values: {
      kl_k1: whole.k1,
      kl_k2: whole.k2,
      ...(tokens.k3 === null ? {} : { kl_k3_per_token: Math.max(0, tokens.k3) }),
      ...(tokens.k1 === null ? {} : { kl_k1_per_token: tokens.k1 }),
      truncated_draws: cut / DRAWS,
      empty_draws: empty / DRAWS,
    },
    detail: { draws: texts.length, tokens: meanOf(own.map(({ tokenLogprobs }) => tokenLogprobs.length)) },
  };
}

interface Scored {
  readonly own: readonly ContinuationScore[];
  readonly reference: readonly ContinuationScore[];
}

/** Both models' scores of the different texts, or why they cannot be compared. */
function scoresIn(answers: readonly Answer[], texts: number): Scored | string {
  const [own, reference] = answers
    .slice(DRAWS)
    .map((answer) => (answer.verb === 'score' ? answer.scores : []));
  if (answers.length !== DRAWS + 2 || own === undefined || reference === undefined)
    return 'not one score of each model';
  if (![own, reference].every((scores) => areUsable(scores, texts) && scores.every(isSound)))
    return 'not one finite log-probability for each token';
  const methods = new Set([...own, ...reference].map(({ method }) => method));
  if (methods.size > 1) return `scored by different methods: ${[...methods].sort().join(', ')}`;
  if (own.some((one, place) => one.tokenLogprobs.length !== reference[place]?.tokenLogprobs.length))
    return 'cut into different tokens by the checkpoint and by the reference';
  return { own, reference };
}

function isSound({ logprob, tokenLogprobs }: ContinuationScore): boolean {
  return [logprob, ...tokenLogprobs].every((value) => value <= 0 && value > LEAST);
}

function sumOf({ logprob }: ContinuationScore): number {
  return logprob;
}

function tokensOf({ tokenLogprobs }: ContinuationScore): readonly number[] {
  return tokenLogprobs;
}

function unread(detail: string): ReadOutcome {
  return { kind: 'unscored', reason: 'unparsed', detail };
}
