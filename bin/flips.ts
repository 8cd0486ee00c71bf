import { Journal } from '../benchmarks/journal/journal.ts';
import { readOutcomes } from '../benchmarks/journal/outcomes.ts';
import type { AnswerRecord } from '../benchmarks/journal/records.ts';
import { EXIT, UserError } from '../core/errors.ts';
import type { JsonValue } from '../core/json.ts';
import { collectFlips, type Flip } from '../results/effects/flips.ts';
import { plain } from '../results/format.ts';
import { type FlipWords, groupFlips, type Mark, renderFlips } from '../results/report/flips.ts';
import type { Effect, Summary } from '../results/summary.ts';
import { trustPart } from '../results/trust-part.ts';
import { rawFormOf } from '../suites/datasets/index.ts';
import { findTask } from '../suites/registry.ts';
import type { MetricSpec, RawForm } from '../suites/task.ts';
import type { Io } from './io.ts';
import { questionOf } from './question.ts';

export interface FlipChoice {
  readonly json: boolean;
  /** How many of each kind to list in text. */
  readonly most: number;
}

interface Listed {
  readonly effect: Effect;
  readonly flips: readonly Flip[];
  /** Of those that are shown. */
  readonly words: ReadonlyMap<Flip, FlipWords>;
}

/** The samples that flipped in every stage under the headline metrics: what was asked and what both sides answered. */
export async function flipsText(
  folder: string,
  summary: Summary,
  choice: FlipChoice,
  io: Io,
): Promise<string> {
  // What pulls a preference has no better or worse.
  const { effects } = trustPart(summary);
  const stages = effects.filter((effect) => effect.kind === 'stage' && isHeadline(effect, summary));
  const journal = await Journal.open(folder, 'readonly');
  try {
    const listed: Listed[] = [];
    for (const effect of stages) {
      const spec = await specOf(effect);
      const flips = await collectFlips(readOutcomes(folder), spec, effect);
      const shown = choice.json ? flips : groupFlips(flips, choice.most).flatMap((group) => group.listed);
      listed.push({ effect, flips, words: await wordsOf(shown, effect, spec, journal) });
    }
    if (choice.json) return `${JSON.stringify(listed.map(flipsJson), undefined, 2)}\n`;
    const { columns: width, colour } = io;
    return listed
      .map(({ effect, flips, words }) =>
        renderFlips(summary, effect, flips, {
          width,
          colour,
          most: choice.most,
          wordsOf: (flip) => words.get(flip),
        }),
      )
      .join('\n');
  } finally {
    await journal.close();
  }
}

function isHeadline({ task, metric }: Effect, summary: Summary): boolean {
  return summary.tasks.some((one) => one.task === task && one.headline === metric);
}

export async function specOf({ task, metric }: Effect): Promise<MetricSpec> {
  const found = await findTask(task.split('@')[0] ?? '');
  const spec = found?.metrics.find(({ key }) => key === metric);
  if (spec !== undefined) return spec;
  throw new UserError(
    { field: task, message: `this version of aligntrust does not know ${metric}` },
    EXIT.environment,
  );
}

export async function wordsOf(
  flips: readonly Flip[],
  { task }: Effect,
  spec: MetricSpec,
  journal: Journal,
): Promise<Map<Flip, FlipWords>> {
  const form = rawFormOf(/@(.*):/.exec(task)?.[1] ?? '');
  const words = new Map<Flip, FlipWords>();
  for (const flip of flips) {
    const from = await recordsOf(flip.answersFrom, journal);
    const to = await recordsOf(flip.answersTo, journal);
    words.set(flip, {
      question: askedIn(from.length > 0 ? from : to, form),
      saidFrom: saidIn(from, flip.detailFrom),
      saidTo: saidIn(to, flip.detailTo),
      markFrom: markOf(flip.from, spec),
      markTo: markOf(flip.to, spec),
    });
  }
  return words;
}

/** What the checkpoint itself was asked, and not a judge or classifier of its answers. */
async function recordsOf(keys: readonly string[], journal: Journal): Promise<AnswerRecord[]> {
  const records = await Promise.all(keys.map((key) => journal.get(key)));
  return records.filter((record) => record?.role === 'checkpoint').filter((record) => record !== undefined);
}

/** Where a sample takes several requests, the first one stands for them. */
function askedIn([first, ...more]: readonly AnswerRecord[], form: RawForm | undefined): string | null {
  if (first === undefined) return null;
  const question = questionOf(first.request, form);
  return more.length === 0 ? question : `(first of ${more.length + 1} prompts) ${question}`;
}

/** What the task says was picked among the continuations that it compared, else what was answered. */
function saidIn(records: readonly AnswerRecord[], detail: JsonValue): string[] {
  const picked = typeof detail === 'object' && detail !== null && 'picked' in detail && detail['picked'];
  return typeof picked === 'string' ? [`most likely: ${picked}`] : records.flatMap(answerText);
}

/** What was said, or which of the given continuations was found most likely. */
function answerText({ request, result }: AnswerRecord): string[] {
  if (result.status === 'failed') return [result.error.message];
  const { answer } = result;
  if (answer.verb === 'generate') return [answer.completion.text];
  if (answer.verb !== 'score') return [];
  const logprobs = answer.scores.map(({ logprob }) => logprob);
  const best = logprobs.indexOf(Math.max(...logprobs));
  const likeliest = request.continuations?.[best]?.trim() ?? '';
  return [`most likely: ${likeliest} (${plain(logprobs[best] ?? 0, 'nats')} nats)`];
}

/** Where guessing means something an answer can be right; values between the ends are neither right nor wrong. */
function markOf(value: number, { chance, direction, range }: MetricSpec): Mark | null {
  if (chance === null || direction !== 'higher-is-better') return null;
  if (value === range[1]) return 'right';
  return value === range[0] ? 'wrong' : null;
}

function flipsJson({ effect: { task, metric, from, to }, flips, words }: Listed) {
  return { task, metric, from, to, flips: flips.map((flip) => ({ ...flip, ...words.get(flip) })) };
}
