/**
 * What the rule factors of a response cost: all of them, on responses of 200 words, five to a prompt with a source of 400
 * words, beside a plain loop that only cuts the same responses into words. The words are those of this repository's
 * documentation.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromDist, ROOT } from './work.mjs';

const RESPONSES = 5_000;
const EACH = 5;
const WORDS = 200;
const SOURCE_WORDS = 400;
const PROMPT_WORDS = 40;
const WORD = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;

const { measurer } = await fromDist('suites/profile/factors/factor.js');
const folder = join(ROOT, 'docs');
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
const words = pages.flatMap((name) => readFileSync(join(folder, name), 'utf8').split(/(?<=\s)(?=\S)/));
const items = makeItems();

allFactors();
tokensAlone();
const factorsUs = cpuOf(allFactors) / RESPONSES;
const tokensUs = cpuOf(tokensAlone) / RESPONSES;
process.stdout.write(JSON.stringify({ factorsUs, tokensUs, responses: RESPONSES, words: WORDS }));

function makeItems() {
  let at = 0;
  const next = (count) => {
    at = at + count > words.length ? 0 : at;
    const text = words.slice(at, at + count).join('');
    at += count;
    return text;
  };
  return Array.from({ length: RESPONSES / EACH }, () => ({
    prompt: next(PROMPT_WORDS),
    source: next(SOURCE_WORDS),
    responses: Array.from({ length: EACH }, () => next(WORDS)),
  }));
}

function allFactors() {
  let sum = 0;
  for (const { prompt, source, responses } of items) {
    const measure = measurer({ prompt, source });
    for (const response of responses) sum += measure(response).length;
  }
  return sum;
}

function tokensAlone() {
  let sum = 0;
  for (const { responses } of items)
    for (const response of responses)
      sum += response.normalize('NFKC').toLowerCase().match(WORD)?.length ?? 0;
  return sum;
}

/** Processor time of everything in this process, the collector of garbage included, in microseconds. */
function cpuOf(work) {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return user + system;
}
