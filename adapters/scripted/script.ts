import { canonicalJson } from '../../core/canonical-json.ts';
import { digestOf, sha256 } from '../../core/digest.ts';
import { AdapterError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import type {
  CallOptions,
  ClassifyRequest,
  EmbedAnswerRequest,
  EmbedRequest,
  GenerateRequest,
  ScoreRequest,
  Verb,
} from '../model.ts';
import { wait } from './call.ts';
import { createFaults } from './faults.ts';
import type { Reply, Rule, ScriptedOptions } from './options.ts';
import { unit } from './pseudo.ts';

export type AnyRequest =
  | { readonly verb: 'generate'; readonly request: GenerateRequest }
  | { readonly verb: 'score'; readonly request: ScoreRequest }
  | { readonly verb: 'embed'; readonly request: EmbedRequest | StatesRequest }
  | { readonly verb: 'classify'; readonly request: ClassifyRequest };

/** Hidden states of a prompt, or along an answer. */
type StatesRequest = Pick<EmbedAnswerRequest, 'prompt'> & Partial<EmbedAnswerRequest>;

/** The rules of one checkpoint, ready to be asked. */
export interface Script {
  /** The reply of the first rule that has one, or `hash`; waits and fails as the rules say. */
  replyTo(asked: AnyRequest, options: CallOptions): Promise<Reply | 'hash'>;
}

export function createScript(model: string, options: ScriptedOptions, isClosed: () => boolean): Script {
  const rules = options.rules ?? [];
  const faults = createFaults();
  return {
    async replyTo(asked, call) {
      if (isClosed()) throw refused(model, 'closed', 'it was closed');
      if (asksForNothing(asked)) throw refused(model, 'bad-request', 'there is nothing to score');
      const request = sha256(canonicalJson(asked as unknown as JsonValue));
      for (const rule of rules) {
        if (!matches(rule, asked, request)) continue;
        const failure = faults.next(rule, request);
        if (failure === undefined && !answers(rule.reply, asked.verb)) continue;
        await wait(rule.reply.delayMs ?? options.delayMs ?? 0, call);
        if (failure !== undefined) throw failure;
        return rule.reply;
      }
      await wait(options.delayMs ?? 0, call);
      if (options.default === 'error') throw notScripted(model, `no rule answers this ${asked.verb} request`);
      return 'hash';
    },
  };
}

/**
 * Digest of everything that can change an answer. Waits, failures and limits cannot, so a script with
 * failures shares its answers with the same script without them.
 */
export function scriptDigest(model: string, options: ScriptedOptions): string {
  const rules = (options.rules ?? [])
    .map(({ match, reply: { delayMs: _delay, error: _error, ...reply } }) => ({ match: match ?? {}, reply }))
    .filter(({ reply }) => Object.keys(reply).length > 0);
  const { default: fallback = 'hash', dimensions = 16 } = options;
  return digestOf({ model, rules, fallback, dimensions } as unknown as JsonValue);
}

export function notScripted(model: string, message: string): AdapterError {
  return refused(model, 'not-scripted', message);
}

function refused(model: string, code: string, message: string): AdapterError {
  return new AdapterError(`scripted model '${model}': ${message}`, { retry: 'never', code });
}

function asksForNothing(asked: AnyRequest): boolean {
  return (
    asked.verb === 'score' &&
    (asked.request.continuations.length === 0 || asked.request.continuations.includes(''))
  );
}

function matches(rule: Rule, asked: AnyRequest, request: string): boolean {
  const { verb, format, contains, equals, share } = rule.match ?? {};
  if (verb !== undefined && verb !== asked.verb) return false;
  if (format !== undefined && formatOf(asked) !== format) return false;
  const texts = textsOf(asked);
  if (contains !== undefined && !texts.some((text) => text.includes(contains))) return false;
  if (equals !== undefined && texts.at(-1) !== equals) return false;
  return share === undefined || unit(request, 'share') < share;
}

/** Texts to embed and to classify have no format. */
function formatOf(asked: AnyRequest): string | undefined {
  return 'prompt' in asked.request ? asked.request.prompt.format : undefined;
}

function textsOf(asked: AnyRequest): readonly string[] {
  if ('texts' in asked.request) return asked.request.texts;
  const { prompt } = asked.request;
  return prompt.format === 'raw' ? [prompt.text] : prompt.messages.map(({ content }) => content);
}

function answers(reply: Reply, verb: Verb): boolean {
  if (verb === 'score') return reply.scores !== undefined;
  if (verb === 'embed') return reply.vector !== undefined;
  if (verb === 'classify') return reply.labels !== undefined;
  return reply.text !== undefined || reply.firstToken !== undefined || reply.finish !== undefined;
}
