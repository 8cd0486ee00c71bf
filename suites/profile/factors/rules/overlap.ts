import { fragmentSource, sharedFragments } from '../fragments.ts';
import { LCS_WORDS, lcsLength, lcsTarget } from '../lcs.ts';
import { perText } from '../per-text.ts';
import { contentTypes, type Text } from '../text.ts';
import { distinctOf, typesOf } from '../text-ngrams.ts';
import { countIn, type Rule, share } from './rule.ts';

const COVERAGE = {
  level1: 'relation_to_input',
  level2: 'coverage',
  needs: ['source'],
  unit: 'share, 0 to 1',
} as const;
const ROUGE = {
  ...COVERAGE,
  needs: ['reference', 'source'],
  unit: 'F1, 0 to 1',
} as const;
const AGAINST = 'Against the reference where there is one, else the source; our tokeniser, no stemming.';

export const OVERLAP: readonly Rule[] = [
  novelNgrams(1),
  novelNgrams(2),
  novelNgrams(3),
  {
    ...COVERAGE,
    key: 'source_coverage_lex',
    label: 'source coverage (lexical)',
    note: 'Share of the source’s distinct content words that the response has. A proxy: paraphrases do not count.',
    of: (response, { source }) =>
      source && share(countIn(distinctOf[1](response).ids, contentTypes(source)), contentTypes(source).size),
  },
  {
    ...COVERAGE,
    key: 'fragment_coverage',
    label: 'extractive fragment coverage',
    note: 'Share of the response’s words that lie in runs copied from the source (Grusky et al. 2018).',
    of: (response, { source }) => fragmentShare(response, source, (length) => length),
  },
  {
    ...COVERAGE,
    key: 'fragment_density',
    label: 'extractive fragment density',
    unit: 'words, from 0 to the length',
    note: 'Mean length of the copied run that a word of the response lies in (Grusky et al. 2018).',
    of: (response, { source }) => fragmentShare(response, source, (length) => length ** 2),
  },
  {
    ...ROUGE,
    key: 'rouge1_f',
    label: 'ROUGE-1',
    note: `Overlap of single words, each counted at most as often as in the other text. ${AGAINST}`,
    of: (response, { model }) =>
      model && f1(clippedMatches(response, model), response.ids.length, model.ids.length),
  },
  {
    ...ROUGE,
    key: 'rougeL_f',
    label: 'ROUGE-L',
    note: `Longest common subsequence of both texts’ first ${LCS_WORDS} words. ${AGAINST}`,
    of: (response, { model }) => {
      if (model === null) return null;
      const target = preparedForLcs(model);
      const size = Math.min(response.ids.length, LCS_WORDS);
      return f1(lcsLength(response.ids, target), size, target.size);
    },
  },
  {
    ...COVERAGE,
    key: 'compression',
    label: 'compression',
    unit: 'source words per response word, above 0',
    note: 'Within one item it orders responses as length does, the other way round.',
    of: (response, { source }) => source && share(source.ids.length, response.ids.length),
  },
];

function novelNgrams(n: 1 | 2 | 3): Rule {
  const what = { 1: 'words', 2: 'word pairs', 3: 'word triples' }[n];
  return {
    ...COVERAGE,
    key: `novel_ngram_${n}`,
    label: `novel ${what}`,
    note: `Share of the response’s distinct ${what} that the source does not have; null where either is shorter than ${n}.`,
    of: (response, { source }) => {
      if (source === null || source.ids.length < n) return null;
      const { ids } = distinctOf[n](response);
      return share(ids.length - countIn(ids, typesOf[n](source)), ids.length);
    },
  };
}

const preparedForLcs = perText(({ ids }) => lcsTarget(ids));
const preparedForFragments = perText(({ ids }) => fragmentSource(ids));

/** A response's shared fragments are asked for twice in a row. */
let last: { readonly response: Text; readonly source: Text; readonly lengths: readonly number[] } | undefined;

function fragmentsOf(response: Text, source: Text): readonly number[] {
  if (last?.response !== response || last.source !== source) {
    const lengths = sharedFragments(response.ids, preparedForFragments(source));
    last = { response, source, lengths };
  }
  return last.lengths;
}

function fragmentShare(
  response: Text,
  source: Text | null,
  weight: (length: number) => number,
): number | null {
  if (source === null) return null;
  const total = fragmentsOf(response, source).reduce((sum, length) => sum + weight(length), 0);
  return share(total, response.ids.length);
}

const wordCounts = perText((text) => {
  const { ids, counts } = distinctOf[1](text);
  return new Map(ids.map((id, place) => [id, counts[place] ?? 0]));
});

/** Words in common, each counted as often as it stands in the text that has fewer of it. */
function clippedMatches(response: Text, model: Text): number {
  const others = wordCounts(model);
  const { ids, counts } = distinctOf[1](response);
  let matches = 0;
  for (const [place, id] of ids.entries()) matches += Math.min(counts[place] ?? 0, others.get(id) ?? 0);
  return matches;
}

/** Harmonic mean of matches/size and matches/otherSize; null without words, 0 without matches. */
function f1(matches: number, size: number, otherSize: number): number | null {
  return size === 0 || otherSize === 0 ? null : (2 * matches) / (size + otherSize);
}
