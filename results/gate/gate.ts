import { UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { gainSign } from '../direction.ts';
import { clean } from '../report/text.ts';
import { clopperPearsonInterval } from '../statistics/proportion.ts';
import type { Effect, Summary, SummaryMetric } from '../summary.ts';
import type { GateRule } from './rules.ts';

/**
 * Non-inferiority by interval. `shown`: the whole two-sided 95 % interval lies above −margin (in the direction of the
 * metric), which is a one-sided test at 2.5 %, the convention of ICH E9 (§3.3.2, §5.5). `violated`: the whole interval
 * lies below −margin. `undecided`: anything else. That every rule is shown needs no correction, because it takes all of
 * them; one `violated` among many comparisons is not corrected for their number.
 */
export type GateVerdict = 'shown' | 'violated' | 'undecided';

/** One comparison under one rule. Numbers in the metric's own unit, `to` minus `from`. */
export interface GateFinding {
  readonly from: string;
  readonly to: string;
  readonly delta: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly verdict: GateVerdict;
  /** What the interval rests on where it is not the effect's own, or why nothing can be said. */
  readonly reason: string | null;
}

export interface GateResult {
  readonly rule: GateRule;
  readonly verdict: GateVerdict;
  /** The worst first. */
  readonly findings: readonly GateFinding[];
}

/** Which comparisons are checked: all stages, or those that end at `to`; against its parent, or against `from`. */
export interface GateScope {
  readonly to?: string | undefined;
  readonly from?: string | undefined;
}

/**
 * Checks every rule.
 *
 * @throws UserError (exit code 2) when the scope names a checkpoint that is not there or has nothing to be held against.
 */
export function gate(summary: Summary, rules: readonly GateRule[], scope: GateScope = {}): GateResult[] {
  requireCheckpoints(summary, scope);
  const compared = summary.effects.filter((effect) => isInScope(effect, scope));
  if (compared.length === 0) throw nothingCompared(scope);
  return rules.map((rule) => {
    const findings = compared
      .filter(({ task, metric }) => task === rule.task && metric === rule.metric.key)
      .map((effect) => findingOf(effect, rule, summary))
      .sort(
        (a, b) =>
          SEVERITY[b.verdict] - SEVERITY[a.verdict] || worstEnd(a, rule.metric) - worstEnd(b, rule.metric),
      );
    return { rule, verdict: findings[0]?.verdict ?? 'undecided', findings };
  });
}

/** `violated` when one rule is, else `undecided` when one is. */
export function overall(results: readonly GateResult[]): GateVerdict {
  return (
    (['violated', 'undecided'] as const).find((word) => results.some(({ verdict }) => verdict === word)) ??
    'shown'
  );
}

const SEVERITY: Readonly<Record<GateVerdict, number>> = { shown: 0, undecided: 1, violated: 2 };

function isInScope({ kind, from, to }: Effect, scope: GateScope): boolean {
  if (scope.to !== undefined && scope.to !== to) return false;
  if (scope.from !== undefined) return scope.from === from;
  return kind === 'stage' || (kind === 'control' && scope.to !== undefined);
}

function findingOf(effect: Effect, { margin, metric }: GateRule, summary: Summary): GateFinding {
  const { from, to, delta, n } = effect;
  const interval = intervalOf(effect, metric);
  const facts = { from, to, delta, n, low: interval?.low ?? null, high: interval?.high ?? null };
  const undecided = (reason: string | null): GateFinding => ({ ...facts, verdict: 'undecided', reason });
  if (effect.verdict === 'not comparable')
    return undecided(`not comparable: ${effect.reason ?? 'no reason was recorded'}`);
  if (interval === null) return undecided(effect.reason ?? 'there is no interval');
  const [least, most] = inDirection(interval, metric);
  if (most < -margin) return { ...facts, verdict: 'violated', reason: interval.note };
  if (least <= -margin) return undecided(interval.note);
  if (summary.run.status !== 'finished') return undecided(`the run is INCOMPLETE (${summary.run.status})`);
  if (hidesHarm(effect, metric, margin)) {
    return undecided(
      'answers without a value are more frequent on one side, and could hide a difference beyond the margin',
    );
  }
  return { ...facts, verdict: 'shown', reason: interval.note };
}

interface GateInterval {
  readonly low: number;
  readonly high: number;
  readonly note: string | null;
}

/**
 * The effect's pointwise interval; corrected for the judge where labels allow it. Where no sample differs there is none:
 * then at most a share of 1 − .025^(1/clusters) of the clusters would differ (Clopper-Pearson), each by the metric's range.
 */
function intervalOf(
  { low, high, judge, delta, gained, lost, clusters, confounds }: Effect,
  metric: SummaryMetric,
): GateInterval | null {
  if (judge?.estimator === 'difference' && judge.low !== null && judge.high !== null) {
    return { low: judge.low, high: judge.high, note: 'corrected for the errors of the judge' };
  }
  const note = confounds.length === 0 ? null : `the change holds ${[...confounds, 'training'].join(' + ')}`;
  if (low !== null && high !== null) return { low, high, note };
  const [least, most] = metric.range;
  const isQuiet = delta === 0 && gained + lost === 0 && clusters > 0;
  if (!isQuiet || !metric.binary || least === null || most === null) return null;
  const reach = clopperPearsonInterval(0, clusters).high * (most - least);
  return {
    low: -reach,
    high: reach,
    note: `no sample differs; the interval is what ${clusters} clusters can exclude`,
  };
}

/** Lower and upper end where higher is better. */
function inDirection(
  { low, high }: { low: number; high: number },
  { direction }: SummaryMetric,
): [number, number] {
  return gainSign(direction) === 1 ? [low, high] : [-high, -low];
}

/** Missing values that differ by side, and under the worst reading of them the change passes the margin. */
function hidesHarm(
  { missingDiffers, missingBounds }: Effect,
  metric: SummaryMetric,
  margin: number,
): boolean {
  return missingDiffers && (missingBounds === null || inDirection(missingBounds, metric)[0] <= -margin);
}

function worstEnd({ low, high }: GateFinding, metric: SummaryMetric): number {
  if (low === null || high === null) return Number.NEGATIVE_INFINITY;
  return inDirection({ low, high }, metric)[0];
}

function requireCheckpoints({ checkpoints }: Summary, scope: GateScope): void {
  const ids = checkpoints.map(({ id }) => id);
  for (const [field, id] of [['--for', scope.to] as const, ['--against', scope.from] as const]) {
    if (id === undefined || ids.includes(id)) continue;
    const close = nearest(id, ids);
    throw new UserError({
      field,
      message: `"${clean(id)}" is not a checkpoint of this run`,
      fix:
        close.length > 0
          ? `Did you mean ${close.map(clean).join(' or ')}?`
          : `It has ${ids.map(clean).join(', ')}.`,
    });
  }
}

function nothingCompared({ to, from }: GateScope): UserError {
  if (to === undefined && from === undefined) {
    return new UserError(
      'no checkpoint of this run has a parent in it, so nothing can be held against anything',
    );
  }
  if (from === undefined) {
    return new UserError({
      field: '--for',
      message: `"${clean(to ?? '')}" has no parent in this run to be held against`,
      fix: 'Name another checkpoint, or the one to compare with by --against.',
    });
  }
  return new UserError({
    field: '--against',
    message: `this run does not compare ${clean(to ?? 'anything')} with ${clean(from)}`,
    fix: 'Compared are stages (with the parent), totals (with the root of the lineage) and methods of one parent.',
  });
}
