import type { GenerateRequest, PromptInput } from '../model.ts';
import type { Exchange } from './records.ts';

/** What a miss can be compared with: the head of a recorded request. */
export interface Outline {
  readonly verb: Exchange['verb'];
  readonly format?: PromptInput['format'];
  /** The raw text or the last message, at most OUTLINE_LENGTH characters of its end. */
  readonly text: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** So many recorded requests are kept to compare a miss with. */
export const MOST_OUTLINES = 2000;

const OUTLINE_LENGTH = 300;
const QUOTE_LENGTH = 80;

export function outlineOf(exchange: Exchange): Outline {
  if ('texts' in exchange) {
    return { verb: exchange.verb, text: (exchange.texts[0] ?? '').slice(-OUTLINE_LENGTH), settings: {} };
  }
  const { prompt } = exchange;
  const settings = behindPrompt(exchange);
  return {
    verb: exchange.verb,
    format: prompt.format,
    text: textOf(prompt).slice(-OUTLINE_LENGTH),
    settings,
  };
}

function behindPrompt(exchange: Exclude<Exchange, { texts: unknown }>): Record<string, string> {
  if (exchange.verb === 'generate') return settingsOf(exchange);
  if (exchange.verb === 'score') return { continuations: quotes(exchange.continuations) };
  return exchange.answer === undefined ? {} : { answer: quote(exchange.answer) };
}

export function outlineOfGenerate(request: GenerateRequest): Outline {
  const { prompt } = request;
  return {
    verb: 'generate',
    format: prompt.format,
    text: textOf(prompt).slice(-OUTLINE_LENGTH),
    settings: settingsOf(request),
  };
}

/** One sentence: which recorded request comes nearest to the one that is missing, and where they differ. */
export function describeNearest(missing: Outline, recorded: readonly Outline[]): string {
  const same = recorded.filter(({ verb }) => verb === missing.verb);
  const twin = same.find(({ text, format }) => text === missing.text && format === missing.format);
  if (twin !== undefined) return `the same prompt was recorded with ${differences(missing, twin)}`;
  const otherFormat = same.find(({ text }) => text === missing.text);
  if (otherFormat !== undefined) {
    return `the same text was recorded as ${otherFormat.format} prompt, and is now asked as ${missing.format}`;
  }
  const closest = nearestText(missing.text, same);
  return closest === undefined
    ? `nothing was recorded for ${missing.verb}`
    : `the nearest recorded prompt ends in ${quote(closest.text)}`;
}

function differences(missing: Outline, twin: Outline): string {
  const names = [...new Set([...Object.keys(missing.settings), ...Object.keys(twin.settings)])];
  const parts = names
    .filter((name) => missing.settings[name] !== twin.settings[name])
    .map(
      (name) => `${name} ${twin.settings[name] ?? 'absent'} instead of ${missing.settings[name] ?? 'absent'}`,
    );
  return parts.length === 0 ? 'other text before it' : parts.join(', ');
}

function settingsOf({ decoding, seed, topLogprobs }: Partial<GenerateRequest>): Record<string, string> {
  return {
    ...(decoding !== undefined && {
      maxTokens: String(decoding.maxTokens),
      temperature: String(decoding.temperature),
      topP: String(decoding.topP ?? 1),
      stop: quotes(decoding.stop ?? []),
    }),
    ...(seed !== undefined && { seed: String(seed) }),
    topLogprobs: String(topLogprobs ?? 0),
  };
}

function textOf(prompt: PromptInput): string {
  return prompt.format === 'raw' ? prompt.text : (prompt.messages.at(-1)?.content ?? '');
}

function nearestText(text: string, outlines: readonly Outline[]): Outline | undefined {
  const wanted = trigrams(text);
  let best: { outline: Outline; share: number } | undefined;
  for (const outline of outlines) {
    const share = overlap(wanted, trigrams(outline.text));
    if (best === undefined || share > best.share) best = { outline, share };
  }
  return best?.outline;
}

function trigrams(text: string): Set<string> {
  const padded = ` ${text.toLowerCase()} `;
  return new Set(Array.from({ length: Math.max(1, padded.length - 2) }, (_, at) => padded.slice(at, at + 3)));
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const gram of a) if (b.has(gram)) shared++;
  return shared / (a.size + b.size - shared);
}

function quotes(texts: readonly string[]): string {
  const shown = texts.slice(0, 4).map(quote).join(', ');
  return `[${shown}${texts.length > 4 ? `, and ${texts.length - 4} more` : ''}]`;
}

function quote(text: string): string {
  return JSON.stringify(text.length > QUOTE_LENGTH ? `…${text.slice(-QUOTE_LENGTH)}` : text);
}
