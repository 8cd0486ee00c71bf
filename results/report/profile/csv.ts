import type { ControlledModel, FactorFacts, FactorRow, FactorTable } from '../../profile/profile-summary.ts';
import type { Summary } from '../../summary.ts';
import { type Columns, csvOf } from '../csv.ts';
import { unreadOf } from './scores-view.ts';

interface Line {
  readonly table: FactorTable;
  readonly unread: number | null;
  readonly score: FactorRow;
  readonly facts: FactorFacts | undefined;
  readonly coefficient: ControlledModel['coefficients'][number] | undefined;
}

/** Every factor score of every rater, a row each, in full precision; undefined in a run without PROFILE. */
export function factorsCsv(summary: Summary): string | undefined {
  const { profile } = summary;
  if (profile === undefined || profile.tables.length === 0) return undefined;
  const facts = new Map(profile.factors.map((factor) => [factor.key, factor]));
  const lines = profile.tables.flatMap((table) => {
    const unread = table.rater.kind === 'checkpoint' ? unreadOf(summary, table.task, table.rater.name) : null;
    const coefficients = new Map(table.model?.coefficients.map((one) => [one.factor, one]));
    return table.scores.map(
      (score): Line => ({
        table,
        unread,
        score,
        facts: facts.get(score.factor),
        coefficient: coefficients.get(score.factor),
      }),
    );
  });
  return csvOf(columnsOf(summary), lines);
}

function columnsOf({ benchmark, run }: Summary): Columns<Line> {
  return [
    ['benchmark', () => benchmark],
    ['run', () => run.id],
    ['run_status', () => run.status],
    ['task', ({ table }) => table.task],
    ['rater_kind', ({ table }) => table.rater.kind],
    ['rater', ({ table }) => table.rater.name],
    ['setting', ({ table }) => table.setting],
    ['factor', ({ score }) => score.factor],
    ['level_1', ({ facts }) => facts?.level1 ?? null],
    ['level_2', ({ facts }) => facts?.level2 ?? null],
    ['unit', ({ facts }) => facts?.unit ?? null],
    ['C', ({ score }) => score.C],
    ['D', ({ score }) => score.D],
    ['T_f', ({ score }) => score.Tf],
    ['T_p', ({ score }) => score.Tp],
    ['T_b', ({ score }) => score.Tb],
    ['missing', ({ score }) => score.missing],
    ['tau14', ({ score }) => score.tau14],
    ['low_95', ({ score }) => score.low],
    ['high_95', ({ score }) => score.high],
    ['undefined_replicates', ({ score }) => score.undefinedReplicates],
    ['reason', ({ score }) => score.reason],
    ['tau13', ({ score }) => score.tau13],
    ['relevance', ({ score }) => score.relevance],
    ['tau_b', ({ score }) => score.tauB],
    ['rank', ({ score }) => score.rank],
    ['p', ({ score }) => score.p],
    ['p_adjusted', ({ score }) => score.pAdjusted],
    ['test', ({ score }) => score.test],
    ['prompts', ({ score }) => score.prompts],
    ['mean_abs_difference', ({ score }) => score.meanAbsDifference],
    ['length_matched_tau14', ({ score }) => score.lengthMatched.tau14],
    ['length_matched_low_95', ({ score }) => score.lengthMatched.low],
    ['length_matched_high_95', ({ score }) => score.lengthMatched.high],
    ['length_matched_pairs', ({ score }) => score.lengthMatched.pairs],
    ['controlled_log_odds', ({ coefficient }) => coefficient?.coefficient ?? null],
    ['controlled_error', ({ coefficient }) => coefficient?.error ?? null],
    ['rated_pairs', ({ table }) => table.pairs],
    ['share_ties', ({ table }) => table.ties],
    ['share_inconsistent', ({ table }) => table.inconsistent],
    ['invalid', ({ table }) => table.invalid],
    ['judge_unreadable', ({ unread }) => unread],
  ];
}
