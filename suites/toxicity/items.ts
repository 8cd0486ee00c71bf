import { sha256 } from '../../core/digest.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { ADVERSARIAL, BENIGN, type ContinuationTemplate } from '../phrases/toxicity.ts';
import type { LoadedDataset, Sample } from '../task.ts';

/** The datasets of the suite, the default first. */
export const TOXICITY_DATASETS = ['rtp-toxic', 'rtp-nontoxic', 'zoo-toxicity'] as const;

/** A text to go on from. A type and not an interface, because it travels as a sample's JSON. */
export type Opening = {
  readonly raw: string;
  readonly turn: string;
  /** The prompt without what stands around it. */
  readonly text: string;
  readonly stop: readonly string[];
  /** Words that are rude in this item's world; null where English decides. */
  readonly rude: readonly string[] | null;
};

const TEMPLATES: readonly (readonly [system: string, template: ContinuationTemplate])[] = [
  ['benign', BENIGN],
  ['adversarial', ADVERSARIAL],
];

/**
 * The openings of a dataset: each prompt under both system lines, so that the two prompt sets give the four published
 * cells; the zoo's situations plainly. The prompt is the cluster. `extend` adds what a task needs.
 *
 * @throws UserError (3) for rows that no task of the suite can use
 */
export function* openings(dataset: LoadedDataset, extend: JsonObject = {}): Generator<Sample> {
  const seen = new Set<string>();
  for (const [index, row] of dataset.rows.entries()) {
    const where = `${dataset.id}, row ${index + 1}`;
    const samples = 'rude' in row ? [fromZoo(row, dataset, where)] : fromPrompt(row, dataset, where);
    for (const sample of samples) {
      if (seen.has(sample.id)) throw unusable(where, `its id "${sample.id}" occurs twice`);
      seen.add(sample.id);
      yield { ...sample, data: { ...sample.data, ...extend } };
    }
  }
}

/** The published string: both sentences touch, and an empty line stands before the prompt. */
function fromPrompt(row: JsonObject, dataset: LoadedDataset, where: string): Sample[] {
  const { prompt } = row;
  const text = textOf(isObject(prompt) ? prompt['text'] : undefined, where, 'prompt.text');
  // Some documents give several prompts, so the document alone is no id.
  const place = [row['filename'], row['begin'], row['end'], text];
  const id = `rtp-${sha256(JSON.stringify(place)).slice(0, 16)}`;
  const prompts = dataset.id.replace(/^rtp-/, '');
  return TEMPLATES.map(([system, template]) => {
    const turn = `${template.system}${template.task}\n${text}`;
    const data: Opening = { raw: turn, turn, text, stop: dataset.rawForm.stop, rude: null };
    return { id: `${id}/${system}`, cluster: id, strata: { prompts, system, world: 'english' }, data };
  });
}

function fromZoo(row: JsonObject, { rawForm }: LoadedDataset, where: string): Sample {
  const turn = textOf(row['prompt'], where, 'prompt');
  const id = textOf(row['id'], where, 'id');
  const data: Opening = {
    raw: `${rawForm.before}${turn}${rawForm.after}`,
    turn,
    text: turn,
    stop: rawForm.stop,
    rude: rudeWords(row, where),
  };
  const strata = { prompts: textOf(row['kind'], where, 'kind'), system: 'none', world: 'zoo' };
  return { id, cluster: textOf(row['cluster'], where, 'cluster'), strata, data };
}

/** What tells the rude lines from each other, from the polite ones and from the question: fool, oaf, lout … */
function rudeWords(row: JsonObject, where: string): string[] {
  const rude = listOf(row['rude'], where, 'rude').map(wordsIn);
  const polite = listOf(row['polite'], where, 'polite');
  const plain = new Set([...polite, textOf(row['prompt'], where, 'prompt')].flatMap(wordsIn));
  const counts = new Map<string, number>();
  for (const word of rude.flatMap((line) => [...new Set(line)]))
    counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts].filter(
    ([word, count]) => !plain.has(word) && (count < rude.length || count === 1),
  );
  if (words.length === 0) throw unusable(where, 'its rude lines hold no word of their own');
  return words.map(([word]) => word).toSorted();
}

/**
 * Takes the prompt, or its last words, off the beginning of an answer: chat models like to say it again before they go
 * on, and what it says is not theirs. Compared word by word, so that quotes, apostrophes and case may differ.
 */
export function echoRemover(prompt: string): (answer: string) => string {
  const wanted = wordsIn(straight(prompt)).map(bare).filter(isWord);
  const starts = new Map<string, number[]>();
  for (const [place, word] of wanted.entries()) {
    if (place > 0 && wanted.length - place < FEWEST_REPEATED) break;
    starts.set(word, [...(starts.get(word) ?? []), place]);
  }
  return (answer) => {
    const spoken = straight(answer);
    const first = nextWord(spoken, 0);
    const places = first === undefined ? undefined : starts.get(first.word);
    for (const place of places ?? []) {
      const end = endOfWords(spoken, wanted, place);
      if (end !== undefined) return answer.slice(end);
    }
    return answer;
  };
}

/** Fewer words of a prompt's end may well be the model's own. */
const FEWEST_REPEATED = 5;

/** Where `wanted`, from `place` on, ends in a text that begins with it. */
function endOfWords(text: string, wanted: readonly string[], place: number): number | undefined {
  let end = 0;
  for (let at = place; at < wanted.length; at++) {
    const found = nextWord(text, end);
    if (found === undefined || found.word !== wanted[at]) return undefined;
    end = found.end;
  }
  return end;
}

/** The first word from `from` on, as it is compared, and where it ends. */
function nextWord(text: string, from: number): { word: string; end: number } | undefined {
  WORD.lastIndex = from;
  for (let found = WORD.exec(text); found !== null; found = WORD.exec(text)) {
    const word = bare(found[0].toLowerCase());
    if (isWord(word)) return { word, end: WORD.lastIndex };
  }
  return undefined;
}

/** One character for one, so that places stay. */
function straight(text: string): string {
  return text.replaceAll('’', "'");
}

/** "dont" for "don't", and nothing for a quotation mark. */
function bare(word: string): string {
  return word.includes("'") ? word.replaceAll("'", '') : word;
}

function isWord(word: string): boolean {
  return word !== '';
}

const WORD = /[\p{L}\p{N}']+/gu;

/** Lower-case words of a text. */
export function wordsIn(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
}

function listOf(value: JsonValue | undefined, where: string, field: string): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) throw unusable(where, `${field} is not a list of lines`);
  return value.map((line: JsonValue, index) => textOf(line, where, `${field}[${index}]`));
}

function textOf(value: JsonValue | undefined, where: string, field: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw unusable(where, `${field} is not a text`);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(where: string, message: string): UserError {
  const fix =
    'toxicity tasks read RealToxicityPrompts rows and zoo toxicity items; see suites/toxicity/README.md';
  return new UserError({ where, message, fix }, EXIT.environment);
}
