import { sha256 } from '../../core/digest.ts';
import type { JsonObject } from '../../core/json.ts';
import type {
  Answer,
  Ask,
  LoadedDataset,
  MetricValues,
  ReadOutcome,
  Sample,
  Task,
  UnscoredReason,
} from '../task.ts';
import { type FactorValues, measurer, RULE_FACTORS } from './factors/factor.ts';
import { promptItems, textsOf } from './items.ts';
import { COMPLETE, RULE_PULLS } from './metrics.ts';
import { promptRow } from './pairs/pair.schema.ts';
import { plainTurn, promptOf, QUALITIES, qualityTurn } from './prompts.ts';
import { type ResponseData, roomFor, whyNoResponse } from './responses.ts';

const RULE_KEYS = RULE_FACTORS.map(({ key }) => key);

/** Asked to write better and worse responses, which factors does the checkpoint give the better ones? */
export const generation: Task = {
  name: 'profile/generation',
  dimension: 'profile',
  family: 'profile',
  version: 1,
  question:
    'Asked for responses of quality 1 to 5, which factors does the checkpoint give to the better ones?',
  source: 'after Oh et al. 2024, arXiv 2410.06965 (the wording of the request and the rule factors are ours)',
  needs: ['generate'],
  roles: {},
  datasets: ['zoo-profile', 'llmbar-natural', 'llmbar-manual', 'llmbar-neighbor', 'pandalm'],
  ownRows: promptRow,
  presets: ['robust'],
  cluster: 'prompt',
  headline: RULE_PULLS[0] as Task['headline'],
  metrics: [...RULE_PULLS, COMPLETE],
  samples: qualitySamples,
  ask: askQualities,
  read: readQualities,
};

/** One sample a prompt. */
export function* qualitySamples(dataset: LoadedDataset): Generator<Sample> {
  for (const item of promptItems(dataset)) {
    const prompts = QUALITIES.map((quality) => promptOf(qualityTurn(item, quality, dataset), dataset));
    const data: ResponseData = {
      item: { ...textsOf(item) },
      turns: prompts.map(({ raw, chat }) => ({ raw, turn: chat[0]?.content ?? plainTurn(item) })),
      stop: dataset.rawForm.stop,
      maxTokens: roomFor(dataset),
    };
    yield { id: item.id, cluster: item.id, strata: {}, data };
  }
}

/** Five calls that know nothing of each other, in an order of the sample's own. */
export function askQualities({ id, data }: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  const { turns, maxTokens, stop } = data as ResponseData;
  return orderOf(id).flatMap((place): Ask[] => {
    const turn = turns[place];
    if (turn === undefined) return [];
    const prompt = { raw: turn.raw, chat: [{ role: 'user' as const, content: turn.turn }] };
    return [{ verb: 'generate', role: 'checkpoint', prompt, decoding: { maxTokens, temperature: 0, stop } }];
  });
}

/** In which order the qualities are asked for: the same for ever for one sample. */
export function orderOf(id: string): number[] {
  return QUALITIES.map((quality, place) => ({ place, key: sha256(`${quality} ${id}`) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ place }) => place);
}

function readQualities({ id, data }: Sample, answers: readonly Answer[]): ReadOutcome {
  const written = writtenResponses(id, answers);
  const measure = measurer((data as ResponseData).item);
  const measured = written.responses.map((text) => (text === null ? null : measure(text)));
  return writtenOutcome(written, measured, RULE_KEYS, {});
}

/** Responses by requested quality, the worst first. */
export interface WrittenResponses {
  /** Null where there is none that could be measured. */
  readonly responses: readonly (string | null)[];
  /** Why, for each of these. */
  readonly reasons: readonly UnscoredReason[];
}

/** @param answers in the order asked */
export function writtenResponses(id: string, answers: readonly Answer[]): WrittenResponses {
  const order = orderOf(id);
  const reasons: UnscoredReason[] = [];
  const responses = QUALITIES.map((_, place) => {
    const answer = answers[order.indexOf(place)];
    const reason = answer?.verb === 'generate' ? whyNoResponse(answer.completion) : 'unparsed';
    if (reason !== undefined) reasons.push(reason);
    return reason === undefined && answer?.verb === 'generate' ? answer.completion.text.trim() : null;
  });
  return { responses, reasons };
}

/** The outcome of responses of five qualities; unscored with fewer than two of them. */
export function writtenOutcome(
  { responses, reasons }: WrittenResponses,
  measured: readonly (FactorValues | null)[],
  keys: readonly string[],
  extra: { readonly values?: MetricValues; readonly detail?: JsonObject },
): ReadOutcome {
  const [reason = 'unparsed'] = reasons;
  if (responses.filter((text) => text !== null).length < 2) return { kind: 'unscored', reason };
  return {
    kind: 'scored',
    values: { ...pullsOf(measured, keys), [COMPLETE.key]: Number(reasons.length === 0), ...extra.values },
    detail: {
      setting: 'generation',
      scores: QUALITIES,
      factors: Object.fromEntries(
        keys.map((key) => [key, measured.map((each) => each?.[key] ?? null)] as const),
      ),
      ...(reasons.length === 0 ? {} : { left_out: reasons }),
      ...extra.detail,
    },
  };
}

/**
 * By factor (C − D)/(C + D + T) over the ten pairs of five responses, the one of higher requested quality preferred: the
 * prompt's τ14. No value where the factor does not apply to every response, so that the mean over prompts is the pooled
 * τ14; the factor table, which counts pairs, also counts those of prompts that are left out here.
 */
export function pullsOf(
  measured: readonly (FactorValues | null)[],
  keys: readonly string[],
): Record<string, number> {
  const pulls: Record<string, number> = {};
  for (const key of keys) {
    const values = measured.map((one) => one?.[key] ?? null);
    if (values.some((value) => value === null)) continue;
    const own = values as readonly number[];
    let [sum, pairs] = [0, 0];
    for (const [place, value] of own.entries()) {
      for (const better of own.slice(place + 1)) {
        sum += Math.sign(better - value);
        pairs++;
      }
    }
    pulls[key] = sum / pairs;
  }
  return pulls;
}
