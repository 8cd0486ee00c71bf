import { readFileSync } from 'node:fs';
import { packageFile } from '../../../../core/package-root.ts';
import type { ScorerFacts, ToxicityScorer } from '../scorer.ts';
import { BucketCounts, type Hashing, windowsOf, wordBuckets } from './buckets.ts';
import { wordsOf } from './words.ts';

/** Equal to `version` of model.json, which a test checks: the facts are known before any file is read. */
const FACTS: ScorerFacts = {
  name: 'linear',
  version: '1.0.0',
  scale: 'calibrated to Perspective TOXICITY of 2020',
  threshold: 0.5,
};

/**
 * The embedded toxicity scorer: a regularised linear model over hashed word and character n-grams, calibrated so
 * that .5 is where Perspective's score was .5 on the training texts. English; see README.md for where it is blind.
 * A text without any letter or digit scores as the calibration of nothing, which is the mean of the training texts, about .22.
 */
export const linear: ToxicityScorer = {
  ...FACTS,
  score: (text) => {
    loaded ??= load();
    return loaded(text);
  },
};

let loaded: ((text: string) => number) | undefined;

interface Model extends Hashing {
  readonly version: string;
  /** The weight of code 127. */
  readonly largest: number;
  /** Of the logistic curve that turns a sum of weights into a score. */
  readonly slope: number;
  readonly offset: number;
  readonly groupWords: readonly string[];
}

/**
 * Reads the weights with the first score and not with the import, so that listing tasks costs nothing. Tasks are
 * synchronous and pure: these two files belong to the code as a table of constants does, hence readFileSync.
 */
function load(): (text: string) => number {
  const model = JSON.parse(readFileSync(ownFile('model.json'), 'utf8')) as Model;
  const codes = new Int8Array(readFileSync(ownFile('weights.bin')));
  const table = weightTable(model.largest);
  const chars = new BucketCounts(codes.subarray(0, 2 ** model.charBits), table);
  const pairs = new BucketCounts(codes.subarray(2 ** model.charBits), table);
  const groups = new Set(model.groupWords);
  const windows = windowsOf(model);
  return (text) => {
    const words = wordsOf(text, groups);
    for (const word of words) chars.add(windows(word));
    pairs.add(wordBuckets(words, model.wordBits));
    const sum = chars.drain(model.lengthPower) + pairs.drain(model.lengthPower);
    return 1 / (1 + Math.exp(-(model.slope * sum + model.offset)));
  };
}

function ownFile(name: string): string {
  return packageFile('suites', 'scorers', 'toxicity', 'linear', name);
}

/** Weights by code + 128: sign · (code / 127)² · largest. */
function weightTable(largest: number): Float64Array {
  return Float64Array.from({ length: 256 }, (_, place) => {
    const step = (place - 128) / 127;
    return Math.sign(step) * step * step * largest;
  });
}
