import type { ContinuationScore } from '../../adapters/model.ts';
import type { Journal } from '../journal/journal.ts';
import type { RunnerAlarm } from '../journal/records.ts';

/** More fingerprints of one checkpoint than this are only counted: a server may make up a new one every time. */
const MOST_FINGERPRINTS = 5;

/** What the runner notices while it asks and no outcome shows. */
export class AlarmWatch {
  readonly #damaged: Journal['damaged'];
  readonly #fingerprints = new Map<string, Set<string>>();
  readonly #tokens = new Map<string, TokenRange>();
  readonly #open = new Map<string, string>();

  constructor(damaged: Journal['damaged']) {
    this.#damaged = damaged;
  }

  fingerprint(checkpoint: string, fingerprint: string): void {
    const known = this.#fingerprints.get(checkpoint);
    if (known === undefined) this.#fingerprints.set(checkpoint, new Set([fingerprint]));
    else if (known.size <= MOST_FINGERPRINTS) known.add(fingerprint);
  }

  /** Sums differ with the length of a continuation even where a server knows only one number for every token. */
  scores(checkpoint: string, scores: readonly ContinuationScore[]): void {
    const range = this.#tokens.get(checkpoint) ?? {
      tokens: 0,
      least: Number.POSITIVE_INFINITY,
      most: Number.NEGATIVE_INFINITY,
    };
    this.#tokens.set(checkpoint, range);
    for (const { tokenLogprobs } of scores) {
      for (const logprob of tokenLogprobs) {
        range.tokens++;
        if (logprob < range.least) range.least = logprob;
        if (logprob > range.most) range.most = logprob;
      }
    }
  }

  circuitOpen(checkpoint: string, reason: string): void {
    this.#open.set(checkpoint, reason);
  }

  alarms(): RunnerAlarm[] {
    const damaged = this.#damaged.map(({ file, line }) =>
      alarm('damaged-line', null, `${file}:${line} had a wrong checksum; its request was asked again`),
    );
    const changed = [...this.#fingerprints]
      .filter(([, fingerprints]) => fingerprints.size > 1)
      .map(([checkpoint, fingerprints]) =>
        alarm('fingerprint-changed', checkpoint, changedText(fingerprints)),
      );
    const open = [...this.#open].map(([checkpoint, reason]) =>
      alarm('circuit-open', checkpoint, `was no longer asked after failing again and again: ${reason}`),
    );
    const constant = [...this.#tokens].filter(isConstant).map(([checkpoint, { tokens, most }]) => {
      const what = `gave each of ${tokens} tokens the log-probability ${Number(most.toPrecision(4))}`;
      return alarm(
        'constant-logprobs',
        checkpoint,
        `${what}: its scores say how long a text is and nothing else`,
      );
    });
    return [...damaged, ...changed, ...open, ...constant];
  }
}

/** Of all tokens of all continuations that a checkpoint scored; log-probabilities are at most 0. */
interface TokenRange {
  tokens: number;
  least: number;
  most: number;
}

/** Fewer tokens than this may be equal by chance. */
const ENOUGH_TOKENS = 20;
/** What rounding to single precision leaves between equal numbers. */
const EQUAL = 1e-6;

function isConstant([, { tokens, least, most }]: readonly [string, TokenRange]): boolean {
  return tokens >= ENOUGH_TOKENS && most - least <= EQUAL * Math.max(1, Math.abs(most));
}

/** A server whose build changes within a run answers for two models under one name. */
function changedText(fingerprints: ReadonlySet<string>): string {
  const shown = [...fingerprints].slice(0, MOST_FINGERPRINTS).join(', ');
  const more = fingerprints.size > MOST_FINGERPRINTS ? ' and more' : '';
  return `the server changed its fingerprint during the run: ${shown}${more}`;
}

function alarm(kind: RunnerAlarm['kind'], checkpoint: string | null, message: string): RunnerAlarm {
  return { kind, checkpoint, message };
}
