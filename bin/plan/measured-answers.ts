import { readAnswers } from '../../benchmarks/journal/journal.ts';
import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import type { MeasuredAnswers } from '../../benchmarks/run/plan-spending.ts';
import { UserError } from '../../core/errors.ts';

/** So many samples of each instrument and checkpoint are looked at. */
const MEASURED_SAMPLES = 40;

/**
 * How long answers were and how long they took in an earlier run, by instrument; empty where the run cannot be read.
 * Reads the journal until the answers of the first samples are found.
 */
export async function measuredAnswers(folder: string): Promise<ReadonlyMap<string, MeasuredAnswers>> {
  try {
    return await averages(folder, await instrumentsByKey(folder));
  } catch (error) {
    // A plan does without what only refines it.
    if (UserError.is(error)) return new Map();
    throw error;
  }
}

async function instrumentsByKey(folder: string): Promise<Map<string, string>> {
  const counts = new Map<string, number>();
  const keys = new Map<string, string>();
  for await (const { checkpoint, instrument, answers } of readOutcomes(folder)) {
    const place = JSON.stringify([checkpoint, instrument]);
    const count = counts.get(place) ?? 0;
    if (count >= MEASURED_SAMPLES) continue;
    counts.set(place, count + 1);
    for (const key of answers) keys.set(key, instrument);
  }
  return keys;
}

interface Sums {
  answers: number;
  ms: number;
  generated: number;
  tokens: number;
}

async function averages(
  folder: string,
  keys: Map<string, string>,
): Promise<ReadonlyMap<string, MeasuredAnswers>> {
  const sums = new Map<string, Sums>();
  for await (const { key, role, result, ms } of readAnswers(folder)) {
    if (keys.size === 0) break;
    const instrument = keys.get(key);
    if (instrument === undefined || role !== 'checkpoint' || result.status !== 'answered') continue;
    keys.delete(key);
    const sum = sums.get(instrument) ?? { answers: 0, ms: 0, generated: 0, tokens: 0 };
    sums.set(instrument, sum);
    sum.answers++;
    sum.ms += ms;
    const { answer } = result;
    const tokens = answer.verb === 'generate' ? answer.completion.usage.completionTokens : undefined;
    if (tokens === undefined) continue;
    sum.generated++;
    sum.tokens += tokens;
  }
  return new Map(
    [...sums].map(([instrument, { answers, ms, generated, tokens }]) => [
      instrument,
      { ms: ms / answers, outputTokens: generated === 0 ? null : tokens / generated },
    ]),
  );
}
