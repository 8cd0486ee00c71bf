import { canonicalJson } from '../../core/canonical-json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { SummaryCheckpoint } from '../summary.ts';

/**
 * What may differ between two checkpoints besides their training and moves numbers by itself. A definition may allow
 * each by this name. Preset, scorer and a task’s decoding belong to an instrument, which is the same on both sides, and both
 * sides are compared on the same samples, so that these can differ between runs only.
 */
export const CONFOUND_NAMES = [
  'format',
  'template',
  'system',
  'scoring',
  'engine',
  'quantisation',
  'decoding',
] as const;

export type ConfoundName = (typeof CONFOUND_NAMES)[number];

export interface Confound {
  readonly name: ConfoundName;
  /** With both sides, for example `engine (llama.cpp against vllm)`. */
  readonly words: string;
}

/** What else differs between two checkpoints; empty when the comparison is clean. */
export function confounds(from: SummaryCheckpoint, to: SummaryCheckpoint): Confound[] {
  const [a, b] = [from.identity.facts, to.identity.facts];
  const sameFormat = from.promptFormat === to.promptFormat;
  const found = [
    sameFormat ? null : confound('format', `prompt format (${from.promptFormat} against ${to.promptFormat})`),
    // Between raw and chat prompts the template is part of the difference in format.
    sameFormat && to.promptFormat === 'chat' && differs(a['template'], b['template'])
      ? confound('template', 'chat template')
      : null,
    differs(a['system'], b['system']) ? confound('system', 'system prompt') : null,
    named('scoring', 'scoring method', a['scoreMethod'], b['scoreMethod']),
    named('engine', 'engine', a['engine'], b['engine']),
    named('quantisation', 'quantisation', quantisationOf(a), quantisationOf(b)),
    differs(a['decoding'], b['decoding']) ? confound('decoding', 'decoding options of the server') : null,
  ];
  return found.filter((each) => each !== null);
}

function confound(name: ConfoundName, words: string): Confound {
  return { name, words };
}

function named(
  name: ConfoundName,
  what: string,
  a: JsonValue | undefined,
  b: JsonValue | undefined,
): Confound | null {
  return differs(a, b) ? confound(name, `${what} (${say(a)} against ${say(b)})`) : null;
}

function differs(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return canonicalJson(a ?? null) !== canonicalJson(b ?? null);
}

function say(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function quantisationOf(facts: JsonObject): JsonValue | undefined {
  const notes = facts['notes'];
  const noted =
    typeof notes === 'object' && notes !== null && !Array.isArray(notes) ? (notes as JsonObject) : {};
  return facts['quantisation'] ?? noted['quantisation'];
}
