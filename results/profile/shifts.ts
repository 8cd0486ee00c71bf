import { raterAgreement } from '../statistics/factor-agreement.ts';
import { type PromptResamples, replicateInterval, subtracted } from '../statistics/factor-bootstrap.ts';
import { type FactorTally, markedPairs, tallyFactor } from '../statistics/factor-pairs.ts';
import { tau14 } from '../statistics/factor-score.ts';
import type { SummaryCheckpoint } from '../summary.ts';
import type { FactorShift, ProfileAgreement, ProfileShift } from './profile-summary.ts';
import { differencesOf, missing, type Rated, withWidth } from './rated.ts';

/** Every child against its parent, under every instrument that both were asked. */
export function shiftsOf(
  rated: readonly Rated[],
  checkpoints: readonly SummaryCheckpoint[],
  promptCount: number,
  resamples: PromptResamples,
): ProfileShift[] {
  return lineagesOf(rated, checkpoints).map(({ child, parent, method }) => ({
    task: child.who.task,
    setting: child.who.setting,
    method,
    from: parent.who.rater.name,
    to: child.who.rater.name,
    factors: factorShifts(child, parent, promptCount, resamples),
    inconsistentFrom: parent.shown.inconsistent,
    inconsistentTo: child.shown.inconsistent,
  }));
}

interface RatedLineage {
  readonly child: Rated;
  readonly parent: Rated;
  readonly method: string;
}

function lineagesOf(rated: readonly Rated[], checkpoints: readonly SummaryCheckpoint[]): RatedLineage[] {
  const of = (task: string, name: string): Rated | undefined =>
    rated.find(({ who }) => who.task === task && who.rater.kind === 'checkpoint' && who.rater.name === name);
  return checkpoints.flatMap(({ id, parent, method, control }) => {
    if (parent === null || control !== null) return [];
    return rated.flatMap((child): RatedLineage[] => {
      if (child.who.rater.kind !== 'checkpoint' || child.who.rater.name !== id) return [];
      const before = of(child.who.task, parent);
      return before === undefined ? [] : [{ child, parent: before, method }];
    });
  });
}

function factorShifts(
  child: Rated,
  parent: Rated,
  promptCount: number,
  resamples: PromptResamples,
): FactorShift[] {
  const [forChild, forParent] = sharedPairs(child, parent);
  return differencesOf(child, parent).map((all, factor) => {
    const after = tallyFactor(child.table.pairs, factor, child.preference, promptCount, forChild);
    const before = tallyFactor(parent.table.pairs, factor, parent.preference, promptCount, forParent);
    return { factor: all.factor, all, paired: pairedOf(all.factor, after, before, resamples) };
  });
}

function pairedOf(
  factor: string,
  after: FactorTally,
  before: FactorTally,
  resamples: PromptResamples,
): FactorShift['paired'] {
  const [to, from] = [tau14(after.counts), tau14(before.counts)];
  if (to === null || from === null)
    return { ...missing(factor, 'no pair is decided on both sides'), pairs: 0 };
  const replicates = subtracted(resamples.replicates(after.term), resamples.replicates(before.term));
  const pairs = Math.min(...[after, before].map(({ counts: { C, D, Tf } }) => C + D + Tf));
  const interval = withWidth(replicateInterval(replicates, Math.min(after.prompts, before.prompts)));
  return { factor, difference: to - from, ...interval, pairs };
}

/**
 * Which pairs both sides decided. Given pairs are the same on both sides; of written responses, which are each side's
 * own, those of the prompts that both answered.
 */
function sharedPairs(child: Rated, parent: Rated): readonly [Uint32Array, Uint32Array] {
  if (child.table === parent.table) {
    const both = markedPairs(
      Uint8Array.from(child.preference, (said, pair) =>
        isDecided(said) && isDecided(parent.preference[pair] as number) ? 1 : 0,
      ),
    );
    return [both, both];
  }
  const prompts = (one: Rated): Set<number> => new Set(one.table.pairs.prompts);
  const within = (one: Rated, known: ReadonlySet<number>): Uint32Array =>
    markedPairs(Uint8Array.from(one.table.pairs.prompts, (prompt) => (known.has(prompt) ? 1 : 0)));
  return [within(child, prompts(parent)), within(parent, prompts(child))];
}

function isDecided(said: number): boolean {
  return said === 1 || said === -1;
}

/** Checkpoints and votes with people (checkpoints with each vote where no person said anything), and children with their parents, on the same pairs. */
export function agreementsOf(
  rated: readonly Rated[],
  checkpoints: readonly SummaryCheckpoint[],
): ProfileAgreement[] {
  const withPeople = rated.flatMap((one) => {
    if (one.who.rater.kind === 'human') return [];
    const people = rated.find(({ who, table }) => who.rater.kind === 'human' && table === one.table);
    if (people !== undefined) return [agreement(one, people)];
    return one.who.rater.kind === 'checkpoint' ? votesOn(rated, one).map((vote) => agreement(one, vote)) : [];
  });
  const lineages = lineagesOf(rated, checkpoints).filter(({ child, parent }) => child.table === parent.table);
  return [...withPeople, ...lineages.map(({ child, parent }) => agreement(child, parent))];
}

function votesOn(rated: readonly Rated[], { table }: Rated): Rated[] {
  return rated.filter(({ who, table: own }) => who.rater.kind === 'vote' && own === table);
}

function agreement(one: Rated, other: Rated): ProfileAgreement {
  return {
    task: one.who.task,
    one: one.who.rater,
    other: other.who.rater,
    ...raterAgreement(one.preference, other.preference, one.table.pairs.prompts),
  };
}
