import type { JsonValue } from '../../../core/json.ts';
import type { Flip } from '../../effects/flips.ts';
import type { ProfileRater } from '../../profile/profile-summary.ts';
import type { Effect, Summary } from '../../summary.ts';
import type { Figures } from '../charts/figures.ts';
import type { FlipWords } from '../flips.ts';

/** Everything that the page shows, as data: the page itself reads nothing. */
export interface PageInput {
  readonly summary: Summary;
  readonly figures: Figures;
  /** One entry an effect whose samples may be looked at. */
  readonly flips: readonly EffectFlips[];
  /** By full name of the instrument. */
  readonly tasks: ReadonlyMap<string, TaskTexts>;
  /** Pairs that drive factor scores; absent where there is no PROFILE. */
  readonly driving?: readonly DrivingPair[];
  readonly origin: Origin;
  /** Where a server offers all flips; absent in a page that is read from disk. */
  readonly flipsUrl?: string;
}

export interface EffectFlips {
  readonly effect: Effect;
  readonly gained: number;
  readonly lost: number;
  /** The clearest of them. */
  readonly shown: readonly FlipWithWords[];
}

export interface FlipWithWords {
  readonly flip: Flip;
  readonly words: FlipWords | undefined;
}

/** A pair of responses that moves the score of one rater under one factor as far as any does. */
export interface DrivingPair {
  readonly task: string;
  readonly rater: ProfileRater;
  /** Key of the factor. */
  readonly factor: string;
  /** Whether the preference goes with the factor (it counts in C) or against it (in D). */
  readonly goes: 'with' | 'against';
  readonly pair: ComparedPair;
  readonly preferred: 0 | 1;
  /** The factor in the first and in the second response. */
  readonly values: readonly [number, number];
}

/** Equal objects stand for the same two responses. */
export interface ComparedPair {
  readonly sample: string;
  /** `A` and `B`, or the requested qualities. */
  readonly names: readonly [string, string];
  /** null where the answers are lost. */
  readonly words: { readonly prompt: string; readonly responses: readonly [string, string] } | null;
}

/** What stands behind an instrument, from one reading of the outcomes. */
export interface TaskTexts {
  /** The first sample's prompt just as it was sent; null where no answer is left. */
  readonly prompt: PromptExample | null;
  /** How the values of each checkpoint are spread under the headline metric. */
  readonly spreads: ReadonlyMap<string, Spread>;
}

export interface PromptExample {
  readonly checkpoint: string;
  readonly sample: string;
  readonly format: 'raw' | 'chat';
  /** One part for raw text, one a turn for a chat. */
  readonly parts: readonly { readonly role: string | null; readonly text: string }[];
  /** What was compared after it, where nothing was generated. */
  readonly continuations: readonly string[];
}

/** Counts of values in bins of equal width between two ends. */
export interface Spread {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

/** What repeats the run, from its manifest. */
export interface Origin {
  /** One command. */
  readonly command: string;
  readonly definition: JsonValue;
  readonly node: string;
  readonly platform: string;
  readonly commit: string | null;
  readonly datasets: readonly {
    readonly id: string;
    readonly rows: number;
    readonly licence: string;
    readonly sha256: string;
  }[];
  readonly samples: ReadonlyMap<string, string>;
}
