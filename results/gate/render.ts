import { sideOf, signed, unitName } from '../format.ts';
import { clean } from '../report/text.ts';
import type { GateFinding, GateResult } from './gate.ts';
import { type GateRule, marginInWords } from './rules.ts';

/** One line a rule: the verdict, then the comparison that decided it. */
export function gateLines(results: readonly GateResult[]): string {
  const width = Math.max(...results.map(({ rule }) => clean(rule.rule).length));
  return results
    .map(
      (result) =>
        `${result.verdict.toUpperCase().padEnd(9)}  ${clean(result.rule.rule).padEnd(width)}  ${decisive(result)}\n`,
    )
    .join('');
}

function decisive({ rule, findings }: GateResult): string {
  const [worst] = findings;
  const { unit } = rule.metric;
  if (worst === undefined) return 'nothing was compared under it';
  const change =
    worst.delta === null
      ? 'no difference known'
      : `${signed(worst.delta, unit)} ${unitName(unit)}${sideInWords(worst.delta, rule)}${
          worst.low === null || worst.high === null
            ? ''
            : `, 95 % interval ${signed(worst.low, unit)} to ${signed(worst.high, unit)}`
        }`;
  const reason = worst.reason === null ? '' : `; ${clean(worst.reason)}`;
  return `${clean(worst.from)} → ${clean(worst.to)}: ${change}, margin ${marginInWords(rule)}${reason}${countsInWords(findings)}`;
}

function sideInWords(delta: number, { metric }: GateRule): string {
  const side = sideOf(delta, metric.unit, metric.direction);
  return side === null ? '' : ` ${side}`;
}

function countsInWords(findings: readonly GateFinding[]): string {
  if (findings.length < 2) return '';
  const counts = (['violated', 'undecided', 'shown'] as const)
    .map((word) => [word, findings.filter(({ verdict }) => verdict === word).length] as const)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${count} ${word}`);
  return ` (the worst of ${findings.length} comparisons: ${counts.join(', ')})`;
}
