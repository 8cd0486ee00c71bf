import type { JsonObject } from '../../core/json.ts';
import type { LoadedDataset, Prompt, Sample } from '../task.ts';
import { type ItemText, measurer } from './factors/factor.ts';
import { isZoo, pairItems, textsOf } from './items.ts';
import type { PairRow } from './pairs/pair.ts';
import { comparisonTurn, promptOf } from './prompts.ts';
import { type KnownPair, knownOf } from './readings.ts';

/** Room for a letter and the words around it. */
const MAX_TOKENS = 32;
const ZOO_TOKENS = 4;

/** A pair, ready to be put in both orders. A type, because it is a sample's JSON. */
export type ComparisonData = {
  readonly item: ItemText & { readonly [part: string]: string | readonly string[] };
  readonly a: string;
  readonly b: string;
  /** The first response under A, then under B. */
  readonly turns: readonly { readonly raw: string; readonly turn: string }[];
  readonly stop: readonly string[];
  readonly maxTokens: number;
  readonly known: KnownPair;
};

/** One sample a pair; pairs of one prompt are one cluster. */
export function* comparisonSamples(dataset: LoadedDataset): Generator<Sample> {
  let last: { item: string; measure: ReturnType<typeof measurer> } | undefined;
  for (const pair of pairItems(dataset)) {
    const texts = textsOf(pair);
    if (last === undefined || last.item !== pair.item) last = { item: pair.item, measure: measurer(texts) };
    const prompts = [
      promptOf(comparisonTurn(texts, [pair.a, pair.b], dataset), dataset),
      promptOf(comparisonTurn(texts, [pair.b, pair.a], dataset), dataset),
    ];
    const data: ComparisonData = {
      item: { ...texts },
      a: pair.a,
      b: pair.b,
      turns: prompts.map(({ raw, chat }) => ({ raw, turn: chat[0]?.content ?? '' })),
      stop: dataset.rawForm.stop,
      maxTokens: isZoo(dataset) ? ZOO_TOKENS : MAX_TOKENS,
      known: knownOf(pair, [last.measure(pair.a), last.measure(pair.b)]),
    };
    yield { id: pair.id, cluster: clusterOf(pair), strata: strataOf(pair), data };
  }
}

export function comparisonOf({ data }: Sample): ComparisonData {
  return data as ComparisonData;
}

export function promptsOf({ turns }: ComparisonData): readonly Prompt[] {
  return turns.map(({ raw, turn }) => ({ raw, chat: [{ role: 'user', content: turn }] }));
}

/** The zoo's pairs share entities, which say more of dependence than the prompt. */
function clusterOf({ item, meta }: PairRow): string {
  return text(meta, 'cluster') ?? item;
}

function strataOf({ meta }: PairRow): Record<string, string> {
  const factor = text(meta, 'factor');
  const subset = text(meta, 'subset');
  return { ...(factor === undefined ? {} : { factor }), ...(subset === undefined ? {} : { subset }) };
}

function text(meta: JsonObject | undefined, key: string): string | undefined {
  const value = meta?.[key];
  return typeof value === 'string' ? value : undefined;
}
