import type { ExitCode } from '../../core/errors.ts';
import type { Effect, RunFacts, Summary, SummaryMetric } from '../summary.ts';
import { type GateFinding, type GateResult, type GateVerdict, overall } from './gate.ts';

/** What `gate --json` prints. */
export interface GateReport {
  readonly schemaVersion: 1;
  readonly benchmark: string;
  readonly run: string;
  readonly status: RunFacts['status'];
  readonly verdict: GateVerdict;
  readonly exitCode: ExitCode;
  readonly rules: readonly GateReportRule[];
}

export interface GateReportRule {
  /** As written. */
  readonly rule: string;
  readonly task: string;
  readonly metric: string;
  readonly unit: SummaryMetric['unit'];
  readonly direction: Effect['direction'];
  readonly margin: number;
  readonly confidence: 0.95;
  readonly verdict: GateVerdict;
  readonly findings: readonly GateFinding[];
}

export function gateReport(
  { run, benchmark }: Summary,
  results: readonly GateResult[],
  exitCode: ExitCode,
): GateReport {
  return {
    schemaVersion: 1,
    benchmark,
    run: run.id,
    status: run.status,
    verdict: overall(results),
    exitCode,
    rules: results.map(({ rule, verdict, findings }) => ({
      rule: rule.rule,
      task: rule.task,
      metric: rule.metric.key,
      unit: rule.metric.unit,
      direction: rule.metric.direction,
      margin: rule.margin,
      confidence: 0.95,
      verdict,
      findings,
    })),
  };
}
