import type { Answer, Ask } from '../../task.ts';

/** Somebody who asks one thing after another: what to ask next in the light of the own answers, or nothing more. */
export type Asker = (own: readonly Answer[]) => Ask | undefined;

/** Where several askers stand who ask side by side, a round at a time. */
export interface Rounds {
  /** What all of them ask next, in their order; empty when none asks more. */
  readonly asks: readonly Ask[];
  /** Each asker's own answers. */
  readonly own: readonly (readonly Answer[])[];
}

/** @param answers of all rounds so far, each round's in the order of the askers that asked in it */
export function inRounds(askers: readonly Asker[], answers: readonly Answer[]): Rounds {
  const own: Answer[][] = askers.map(() => []);
  let read = 0;
  for (;;) {
    const next = askers.map((asker, index) => asker(own[index] as Answer[]));
    const asks = next.filter((ask) => ask !== undefined);
    if (asks.length === 0 || answers.length - read < asks.length) return { asks, own };
    for (const [index, ask] of next.entries()) {
      const answer = answers[read];
      if (ask === undefined || answer === undefined) continue;
      own[index]?.push(answer);
      read++;
    }
  }
}
