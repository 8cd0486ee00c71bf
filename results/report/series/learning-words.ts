import type { DistinguishabilitySpeed } from '../../dynamics/dynamics-summary.ts';
import { pValue } from '../../format.ts';
import type { Series } from '../../series/series-summary.ts';
import type { Summary } from '../../summary.ts';
import { clean } from '../text.ts';
import { taskName } from './behaviour-names.ts';

export const AFTER = 'after Im & Li 2024 (arXiv 2403.18742)';

/** Methods that train by the loss which the theory speaks of. */
const BY_THEORY = /^dpo\b/i;

export const MEASURES: Readonly<Record<DistinguishabilitySpeed['measure'], string>> = {
  distinguishability: 'distinguishability',
  'debiased-distinguishability': 'distinguishability without bias',
  'held-out-auc': 'held-out separability (AUC)',
  'log-odds-d-prime': 'd′ of the log-odds, the signed lean of the start',
};

export const SPEEDS: Readonly<Record<DistinguishabilitySpeed['speed'], string>> = {
  'initial-slope': 'change per step at first',
  'area-of-change': 'mean height above the start',
  'first-crossing': 'step of the first crossing',
  area: 'mean height, the start’s own included',
};

/** Fewer behaviours say nothing about an order. */
const LEAST = 4;
/** Up to this many, p counts every order of them. */
const EXACT = 9;

/** `ρ +0.83, exact p 0.02, n 8`; or why there is none. */
export function relationInWords({ rho, p, n, reason }: DistinguishabilitySpeed): string {
  if (rho === null) {
    if (n < LEAST) return `n ${n}: under ${LEAST} behaviours it is not computable`;
    return `n ${n}: ${reason === null ? 'not computable' : clean(reason)}`;
  }
  return `ρ ${rhoText(rho)}, ${n <= EXACT ? 'exact p' : 'p'} ${p === null ? '–' : pValue(p)}, n ${n}`;
}

/** What was measured at the start, and the metric whose speed it is. */
export function speedName(summary: Summary, { task, speedOf }: DistinguishabilitySpeed): string {
  return `${taskName(summary, task)}, speed of ${clean(speedOf.metric)} in ${taskName(summary, speedOf.task)}`;
}

export function rhoText(rho: number): string {
  const text = Math.abs(rho).toFixed(2);
  return Number(text) === 0 ? text : `${rho < 0 ? '−' : '+'}${text}`;
}

export function seriesOf({ series = [] }: Summary, name: string): Series | undefined {
  return series.find((one) => one.name === name);
}

/** What the relation of a series may be read as. */
export function readingInWords(summary: Summary, names: readonly string[]): string[] {
  const methods = [
    ...new Set(names.map((name) => seriesOf(summary, name)?.method ?? 'none').map((one) => clean(one))),
  ];
  const others = methods.filter((method) => !BY_THEORY.test(method));
  return [
    'That behaviours are learned in the order of their distinguishability is derived for DPO on a frozen representation, and for nothing else. Here all weights may train, so that even for DPO it is a question and not a law.',
    ...(others.length === 0
      ? []
      : [
          `For ${others.join(', ')} the plot is descriptive: no theory predicts it. The same goes for PPO, GRPO, ORPO and KTO.`,
        ]),
    'Distinguishability is that of the start, speed that of the later steps; of crossings the earlier is the faster, and ρ is counted that way. A behaviour that is there at the start crosses nothing and has no rank. Mean height with the start’s own level is no speed where levels differ: it is high where nothing was learned and much was there. d′ of the log-odds has a sign: far below 0 the classes lie as far apart, the wrong way round. All behaviours are ranked over the same steps. p is two-sided, exact over all orders up to 9 behaviours and by Student’s t beyond; it is corrected for nothing, and with several speeds and measures the smallest is not the answer.',
  ];
}

/** What the numbers of states and odds mean. */
export const EXPLAIN_LEARNING: readonly string[] = [
  `Quantities ${AFTER}; no number here is theirs.`,
  'Distinguishability: the distance between the mean hidden states of prompts that Yes matches and of prompts that No matches. It is biased upward in many dimensions; without bias it may come out below 0 and is then given as 0. Compare it within one checkpoint or along one series, not between models.',
  'Distance alone is not enough: the spread along the difference, held-out AUC and d′ stand beside it.',
  'Susceptibility: (D / D of the reference)², both without bias; by the theory, how much faster flipped labels would be learned than from the reference. A proxy, not a measurement of such a training.',
  'Priority level: how well a behaviour is aligned with the mean direction of the mixture. Below 0 it gets worse first.',
  'Displacement: the margin rose while the chosen answers became less likely on average.',
];
