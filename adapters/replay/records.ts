import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { hasChecksum, isIntact } from '../../core/checked-line.ts';
import type {
  Classification,
  Completion,
  ContinuationScore,
  Decoding,
  Message,
  PromptInput,
  TokenLogprob,
} from '../model.ts';
import { journalSchema, manifestSchema, plainSchema } from './records.schema.ts';

/** One recorded exchange, in one shape whatever file it came from. */
export type Exchange =
  | {
      readonly verb: 'generate';
      readonly prompt: PromptInput;
      /** Absent where the file does not say: the answer then serves every decoding and every seed. */
      readonly decoding?: Decoding;
      readonly seed?: number;
      readonly topLogprobs?: number;
      readonly completion: Completion;
    }
  | {
      readonly verb: 'score';
      readonly prompt: PromptInput;
      readonly continuations: readonly string[];
      readonly scores: readonly ContinuationScore[];
    }
  | {
      readonly verb: 'embed';
      readonly texts: readonly string[];
      readonly vectors: readonly (readonly number[])[];
    }
  | {
      readonly verb: 'embed';
      readonly prompt: PromptInput;
      readonly answer?: string;
      /** One without an answer; one for each of its tokens with one. */
      readonly vectors: readonly (readonly number[])[];
    }
  | {
      readonly verb: 'classify';
      readonly texts: readonly string[];
      readonly classifications: readonly Classification[];
    };

/** Whose answer it is: a run's checkpoint with its identity, or nobody in particular in a plain file. */
export interface Owner {
  readonly checkpoint: string;
  readonly identity: string;
  readonly control?: string;
}

export type ParsedLine =
  | { readonly kind: 'exchanges'; readonly owner?: Owner; readonly exchanges: readonly Exchange[] }
  /** A failed answer, which is never replayed, or an empty line. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'damaged'; readonly reason: string };

interface JournalLine {
  readonly checkpoint: string;
  readonly request: {
    readonly identity: string;
    readonly control?: string;
    readonly prompt: PromptInput;
    readonly decoding: Decoding;
    readonly seed: number;
    readonly topLogprobs?: number;
    readonly continuations: readonly string[];
    readonly texts?: readonly string[];
    readonly answer?: string;
  };
  readonly result: {
    readonly answer:
      | { readonly verb: 'generate'; readonly completion: Completion }
      | { readonly verb: 'score'; readonly scores: readonly ContinuationScore[] }
      | { readonly verb: 'embed'; readonly vectors: readonly (readonly number[])[] }
      | { readonly verb: 'classify'; readonly classifications: readonly Classification[] };
  };
}

interface PlainLine {
  readonly prompt?: string;
  readonly messages?: readonly Message[];
  readonly text?: string;
  readonly finish?: Completion['finish'];
  readonly seed?: number;
  readonly firstToken?: readonly TokenLogprob[];
  readonly continuations?: readonly string[];
  readonly scores?: readonly number[];
  /** A text that was classified, for example by a service that has ended, and the probabilities of its labels. */
  readonly classify?: string;
  readonly labels?: Readonly<Record<string, number>>;
}

export interface RunManifest {
  readonly run: string;
  readonly models: Readonly<
    Record<
      string,
      {
        readonly identityDigest: string;
        readonly identity: { readonly adapter: string; readonly engine: string };
      }
    >
  >;
  readonly definition?: {
    readonly checkpoints?: readonly { readonly id?: string; readonly control?: string }[];
  };
}

// strictTypes is off because a union of line shapes shares its outer `type`.
/** Our own schemas are checked against the meta-schema by a test: compiling it costs more than all of them together. */
const ajv = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  meta: false,
  validateSchema: false,
});
const isJournalLine = ajv.compile<JournalLine>(journalSchema);
const isPlainLine = ajv.compile<PlainLine>(plainSchema);
const isManifest = ajv.compile<RunManifest>(manifestSchema);

/** Reads one line of a file; whatever stands in it, this returns and never throws. */
export function parseLine(text: string): ParsedLine {
  if (text.trim() === '') return { kind: 'nothing' };
  const checked = hasChecksum(text);
  if (checked && !isIntact(text)) return { kind: 'damaged', reason: 'its checksum is wrong' };
  const value = parseJson(text);
  if (value === undefined) return { kind: 'damaged', reason: 'it is not JSON' };
  return checked || looksLikeJournal(value) ? fromJournal(value) : fromPlain(value);
}

/** The manifest in a text, or undefined when it is not one. */
export function parseManifest(text: string): RunManifest | undefined {
  const value = parseJson(text);
  return isManifest(value) ? value : undefined;
}

function looksLikeJournal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'request' in value && 'result' in value;
}

function fromJournal(value: unknown): ParsedLine {
  if (isFailed(value)) return { kind: 'nothing' };
  if (!isJournalLine(value)) return { kind: 'damaged', reason: reasonOf(isJournalLine) };
  const { checkpoint, request, result } = value;
  const { prompt, decoding, seed, topLogprobs, continuations, texts = [], identity, control } = request;
  const owner = { checkpoint, identity, ...(control !== undefined && { control }) };
  const { answer } = result;
  if (answer.verb === 'generate') {
    const top = topLogprobs === undefined ? {} : { topLogprobs };
    const { completion } = answer;
    return {
      kind: 'exchanges',
      owner,
      exchanges: [{ verb: 'generate', prompt, decoding, seed, ...top, completion }],
    };
  }
  if (answer.verb === 'score') {
    if (answer.scores.length !== continuations.length) return unequal('scores', 'continuations');
    return {
      kind: 'exchanges',
      owner,
      exchanges: [{ verb: 'score', prompt, continuations, scores: answer.scores }],
    };
  }
  if (answer.verb === 'classify') {
    const { classifications } = answer;
    if (classifications.length !== texts.length) return unequal('classifications', 'texts');
    return { kind: 'exchanges', owner, exchanges: [{ verb: 'classify', texts, classifications }] };
  }
  if (request.texts === undefined) return fromStates(owner, request, answer.vectors);
  if (answer.vectors.length !== texts.length) return unequal('vectors', 'texts');
  return { kind: 'exchanges', owner, exchanges: [{ verb: 'embed', texts, vectors: answer.vectors }] };
}

function fromStates(
  owner: Owner,
  { prompt, answer }: JournalLine['request'],
  vectors: readonly (readonly number[])[],
): ParsedLine {
  const isWhole = answer === undefined ? vectors.length === 1 : vectors.length > 0;
  if (!isWhole) return unequal('vectors', 'places of its prompt');
  const asked = { prompt, ...(answer === undefined ? {} : { answer }) };
  return { kind: 'exchanges', owner, exchanges: [{ verb: 'embed', ...asked, vectors }] };
}

function isFailed(value: unknown): boolean {
  const result = (value as { result?: { status?: unknown } } | null)?.result;
  return result?.status === 'failed';
}

function fromPlain(value: unknown): ParsedLine {
  if (!isPlainLine(value)) return { kind: 'damaged', reason: reasonOf(isPlainLine) };
  const { text, finish = 'stop', seed, firstToken, continuations, scores, classify, labels } = value;
  if (classify !== undefined && labels !== undefined) {
    const classified = {
      verb: 'classify' as const,
      texts: [classify],
      classifications: [{ scores: labels }],
    };
    return { kind: 'exchanges', exchanges: [classified] };
  }
  const prompt: PromptInput =
    value.messages === undefined
      ? { format: 'raw', text: value.prompt ?? '' }
      : { format: 'chat', messages: value.messages };
  const exchanges: Exchange[] = [];
  if (text !== undefined) {
    const completion = { text, finish, usage: {}, ...(firstToken !== undefined && { firstToken }) };
    exchanges.push({ verb: 'generate', prompt, ...(seed !== undefined && { seed }), completion });
  }
  if (continuations !== undefined && scores !== undefined) {
    if (scores.length !== continuations.length) return unequal('scores', 'continuations');
    exchanges.push({ verb: 'score', prompt, continuations, scores: continuations.map(plainScore(scores)) });
  }
  return { kind: 'exchanges', exchanges };
}

function plainScore(scores: readonly number[]) {
  return (continuation: string, index: number): ContinuationScore => {
    const logprob = scores[index] ?? 0;
    return { logprob, tokenLogprobs: [logprob], bytes: Buffer.byteLength(continuation), method: 'replayed' };
  };
}

function unequal(one: string, other: string): ParsedLine {
  return { kind: 'damaged', reason: `it has not as many ${one} as ${other}` };
}

function reasonOf(validate: ValidateFunction): string {
  const [first] = validate.errors ?? [];
  return first === undefined
    ? 'it has another shape'
    : `${first.instancePath || 'it'} ${first.message ?? ''}`.trim();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
