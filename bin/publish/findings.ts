import { messageOf, type Problem, UserError } from '../../core/errors.ts';
import type { Comparison } from '../../results/leaderboard/differences.ts';

/** One thing in which a site is not what it says. */
export interface Finding {
  /** Path below the site, or of the run. */
  readonly file: string;
  readonly message: string;
}

/** Everything that a verification found and counted. */
export class Findings {
  readonly list: Finding[] = [];
  readonly #known = new Set<string>();
  readonly notes: string[] = [];
  numbers = 0;
  /** Published runs whose numbers could be computed again. */
  publications = 0;
  /** Findings of `compare`: the bytes may be those published. */
  recomputed = 0;

  /** Two checks that find the same thing find one. */
  add(file: string, message: string): void {
    const key = JSON.stringify([file, message]);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.list.push({ file, message });
  }

  note(text: string): void {
    this.notes.push(text);
  }

  /** Enters what a recomputation gave instead of what is published. */
  compare(file: string, { differences, numbers }: Comparison): void {
    this.numbers += numbers;
    this.recomputed += differences.length;
    for (const { place, published, recomputed } of differences) {
      this.add(file, `${place === '' ? '' : `${place}: `}published ${published}, recomputed ${recomputed}`);
    }
  }

  /** Runs a check; one that cannot be carried out, whatever the reason, is a finding itself. */
  async attempt<T>(file: string, what: string, check: () => Promise<T>): Promise<T | undefined> {
    try {
      return await check();
    } catch (error) {
      this.add(
        file,
        `${what}: ${UserError.is(error) ? error.problems.map(said).join('; ') : messageOf(error)}`,
      );
      return undefined;
    }
  }
}

/** Without the way out: what mends a run does not mend a published site. */
function said({ where, field, message }: Problem): string {
  const place = [where?.split(/[\\/]/).at(-1), field].filter((part) => part !== undefined).join('  ');
  return place === '' ? message : `${place}: ${message}`;
}
