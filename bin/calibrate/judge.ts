import { setTimeout as pause } from 'node:timers/promises';
import type { Completion } from '../../adapters/model.ts';
import type { Definition } from '../../benchmarks/definition/definition.ts';
import { definitionFromText, loadDefinition } from '../../benchmarks/definition/load.ts';
import { buildRequest } from '../../benchmarks/run/build-request.ts';
import { inParallel } from '../../benchmarks/run/in-parallel.ts';
import { type PreparedModel, prepareModels } from '../../benchmarks/run/preflight.ts';
import { DEFAULT_RETRY_POLICY, nextDelay, signatureOf } from '../../benchmarks/run/retry-policy.ts';
import { AdapterError, EXIT, messageOf, UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Answer, GenerateAsk } from '../../suites/task.ts';
import type { Io } from '../io.ts';
import { type Reading, UNPARSED } from './figures.ts';
import type { JudgeScorer, LabelledCase } from './instruments.ts';

/** How a judge is named on the command line. */
export interface JudgeChoice {
  /** `adapter:model`, or a benchmark whose `roles.judge` it is. */
  readonly written: string;
  readonly options: JsonObject;
  readonly promptFormat: 'raw' | 'chat';
}

export interface JudgedCases {
  readonly readings: readonly Reading[];
  /** Cases that the judge's server did not answer; they count nowhere. */
  readonly failed: number;
  readonly firstFailure?: string;
  readonly model: string;
  readonly engine: string;
  readonly identityDigest: string;
}

/** Asks a judge about every case. @throws UserError when it cannot be opened, or answers none. */
export async function askJudge(
  choice: JudgeChoice,
  scorer: JudgeScorer,
  cases: readonly LabelledCase[],
  io: Io,
  options: { readonly quiet: boolean; readonly signal: AbortSignal },
): Promise<JudgedCases> {
  const { quiet, signal } = options;
  const say = (line: string): void => (quiet ? undefined : io.err(`${line}\n`));
  const definition = await definitionOf(choice, io.cwd);
  const models = await prepareModels(definition, { env: io.env, notify: say, signal });
  try {
    const judge = models.roles.get('judge') as PreparedModel;
    const progress = tally(cases.length, say);
    const width = Math.min(judge.model.maxConcurrency, judge.definition.limits.concurrency ?? 8);
    const results = await inParallel(cases, width, async (one) => {
      const said = await judged(judge, scorer, one, signal);
      progress();
      return { one, said };
    });
    return summed(results, judge);
  } finally {
    await models.close();
  }
}

type Said = { readonly label: string } | { readonly failure: string };

function summed(
  results: readonly { readonly one: LabelledCase; readonly said: Said }[],
  { identity, definition, facts }: PreparedModel,
): JudgedCases {
  const readings = results.flatMap(({ one, said }) => ('label' in said ? [{ one, said: said.label }] : []));
  const [firstFailure] = results.flatMap(({ said }) => ('failure' in said ? [said.failure] : []));
  if (readings.length === 0 && firstFailure !== undefined) {
    throw new UserError({ message: `the judge answered nothing: ${firstFailure}` }, EXIT.environment);
  }
  return {
    readings,
    failed: results.length - readings.length,
    ...(firstFailure === undefined ? {} : { firstFailure }),
    model: definition.model,
    engine: identity.engine,
    identityDigest: facts.identityDigest,
  };
}

/** Asks until the scorer has nothing more to ask. */
async function judged(
  judge: PreparedModel,
  scorer: JudgeScorer,
  one: LabelledCase,
  signal: AbortSignal,
): Promise<Said> {
  const answers: Answer[] = [];
  try {
    for (;;) {
      const [ask] = scorer.asks(one, answers);
      if (ask === undefined) return { label: scorer.label(answers) ?? UNPARSED };
      answers.push({ verb: 'generate', completion: await complete(judge, ask, signal) });
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!AdapterError.is(error)) throw error;
    return { failure: messageOf(error) };
  }
}

/** One request, asked again where the retry policy of a run would. */
async function complete(
  { model, definition, facts }: PreparedModel,
  ask: GenerateAsk,
  signal: AbortSignal,
): Promise<Completion> {
  const { id, promptFormat, system, limits } = definition;
  const to = { id, promptFormat, identityDigest: facts.identityDigest };
  const { call } = buildRequest(ask, system === undefined ? to : { ...to, system }, 0, 0);
  if (call.verb !== 'generate' || model.generate === undefined) throw new Error('a judge generates');
  const history = { transient: 0, rateLimited: 0, sameInARow: 0 };
  let last = '';
  for (;;) {
    try {
      return await model.generate(call.request, { signal, timeoutMs: limits.timeoutSeconds * 1000 });
    } catch (error) {
      const signature = signatureOf(error);
      history.sameInARow = signature === last ? history.sameInARow + 1 : 1;
      last = signature;
      if (AdapterError.is(error) && error.retry === 'rate-limit') history.rateLimited++;
      else history.transient++;
      const delay = nextDelay(error, history, DEFAULT_RETRY_POLICY, 0.5);
      if (delay === undefined) throw error;
      await pause(delay, undefined, { signal });
    }
  }
}

/** A definition that holds the judge alone, checked like any other. */
async function definitionOf(
  { written, options, promptFormat }: JudgeChoice,
  folder: string,
): Promise<Definition> {
  const definition = await (isAddress(written)
    ? addressed(written, options, promptFormat, folder)
    : loadDefinition(written, { folder }));
  const { judge } = definition.roles;
  if (judge === undefined) {
    const fix = 'add roles.judge, or name the judge as adapter:model';
    throw new UserError({ where: written, message: 'the benchmark names no judge', fix });
  }
  return { ...definition, checkpoints: [], tasks: [], roles: { judge } };
}

function isAddress(written: string): boolean {
  return /^[a-z]+:/.test(written);
}

function addressed(
  written: string,
  options: JsonObject,
  promptFormat: 'raw' | 'chat',
  folder: string,
): Promise<Definition> {
  const at = written.indexOf(':');
  const model = { adapter: written.slice(0, at), model: written.slice(at + 1), promptFormat, options };
  const text = JSON.stringify({
    benchmark: 'calibration',
    checkpoints: [{ id: 'judge', ...model, alignment: { method: 'unknown' } }],
    roles: { judge: 'judge' },
    tasks: ['truthfulness/generate'],
  });
  return definitionFromText(text, { file: `--judge ${written}`, folder });
}

/** Says every tenth how far it is. */
function tally(all: number, say: (line: string) => void): () => void {
  let done = 0;
  return () => {
    done++;
    if (Math.floor((10 * done) / all) > Math.floor((10 * (done - 1)) / all)) say(`judged ${done} of ${all}`);
  };
}
