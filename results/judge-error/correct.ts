import { deriveSeed, seededRandom } from '../../core/random.ts';
import type { MetricSpec } from '../../suites/task.ts';
import type { EffectInput } from '../effects/effects.ts';
import { pairUp } from '../effects/paired.ts';
import type { InstrumentTable } from '../outcomes/table.ts';
import { MINIMUM_CLUSTERS } from '../settings.ts';
import type { Effect, JudgeCorrection } from '../summary.ts';
import { byLabels, type LabelledPlace } from './by-labels.ts';
import type { JudgeEvidence, RunLabels, ScorerErrors } from './evidence.ts';
import { LabelLookup } from './label-lookup.ts';
import { LEAST_YOUDEN, roganGladen, type YoudenDraws, youdenDraws } from './rogan-gladen.ts';
import { clusterCovariance, groupMean, weigh } from './weigh.ts';

/**
 * What is known of the errors of the scorer behind an effect: corrected by people's labels where both sides have them, else
 * what would stand if the scorer erred as on its calibration; null where neither is known. Made once for a summary.
 */
export function judgeCorrections(
  evidence: JudgeEvidence,
  seed: number,
): (effect: Effect, input: EffectInput) => JudgeCorrection | null {
  const corrector = new Corrector(evidence, seed);
  return (effect, input) => {
    const spec = input.specs.find(({ key }) => key === effect.metric);
    return spec === undefined || effect.delta === null ? null : corrector.correction(effect, input, spec);
  };
}

class Corrector {
  readonly #evidence: JudgeEvidence;
  readonly #seed: number;
  readonly #youdens = new Map<string, YoudenDraws | null>();
  readonly #lookups = new Map<string, LabelLookup>();

  constructor(evidence: JudgeEvidence, seed: number) {
    this.#evidence = evidence;
    this.#seed = seed;
  }

  correction(effect: Effect, { table, specs }: EffectInput, spec: MetricSpec): JudgeCorrection | null {
    const labels = this.#evidence.labels.get(effect.task);
    const errors = this.#evidence.calibrations.get(effect.task);
    if (labels === undefined && errors === undefined) return null;
    const paired = pairUp(table, spec, effect.from, effect.to);
    if (paired === null || paired.units.length === 0) return null;
    const weighed = weigh(table, spec, paired);
    if (weighed === null) return null;
    if (labels?.keys.includes(spec.key) === true) {
      const lookup = this.#lookup(effect.task, labels, table, specs);
      const found = byLabels(lookup, effect, { table, spec, paired, weighed });
      if (found !== null) return found;
    }
    return errors === undefined
      ? null
      : this.#byCalibration(effect, errors, { table, spec, paired, weighed });
  }

  #lookup(
    task: string,
    labels: RunLabels,
    table: InstrumentTable,
    specs: readonly MetricSpec[],
  ): LabelLookup {
    const known = this.#lookups.get(task);
    if (known !== undefined) return known;
    const made = new LabelLookup(labels, table, specs);
    this.#lookups.set(task, made);
    return made;
  }

  #byCalibration(effect: Effect, errors: ScorerErrors, place: LabelledPlace): JudgeCorrection | null {
    const { table, spec, paired, weighed } = place;
    const parts = weighed.names.map((_, group) => {
      const unit = paired.units[weighed.groups.indexOf(group)] as number;
      const event = eventOf(errors, spec, table.strata[unit] ?? {});
      return event === null ? null : this.#youden(effect.task, errors, event);
    });
    if (parts.some((part) => part === null)) return null;
    const youdens = parts.filter((part) => part !== null);
    const common = { estimator: 'rogan-gladen', labels: errors.cases } as const;
    const worst = youdens.reduce((least, one) => (one.low < least.low ? one : least));
    if (worst.low < LEAST_YOUDEN) {
      const facts = `sensitivity + specificity − 1 is ${worst.estimate.toFixed(2)} on ${errors.dataset} and may be as low as ${worst.low.toFixed(2)}`;
      return {
        ...common,
        delta: null,
        low: null,
        high: null,
        note: `not computed: ${facts}, under ${LEAST_YOUDEN}`,
      };
    }
    const note = `if the scorer errs here, and on both sides alike, as on ${errors.dataset}`;
    const means = weighed.names.map((_, group) => groupMean(paired.differences, weighed.groups, group));
    const random = seededRandom(deriveSeed(this.#seed, 'judge-error', effect.task, spec.key));
    const { delta, low, high } = roganGladen(
      youdens.map((youden, group) => ({
        coefficient: weighed.coefficients[group] as number,
        delta: means[group] as number,
        youden,
      })),
      clusterCovariance(paired.differences, weighed, paired.clusters),
      paired.clusterCount,
      random,
    );
    const most = spec.range[1] - spec.range[0];
    const within = (value: number): number => Math.max(-most, Math.min(most, value));
    const isSure = paired.clusterCount >= MINIMUM_CLUSTERS && effect.low !== null;
    return {
      ...common,
      delta: within(delta),
      low: isSure ? within(low) : null,
      high: isSure ? within(high) : null,
      note,
    };
  }

  #youden(task: string, errors: ScorerErrors, event: ReadonlySet<string>): YoudenDraws | null {
    const key = JSON.stringify([task, ...[...event].sort()]);
    const known = this.#youdens.get(key);
    if (known !== undefined) return known;
    const random = seededRandom(deriveSeed(this.#seed, 'youden', key));
    const made = youdenDraws(errors.rows, labelsOf(errors), event, random);
    this.#youdens.set(key, made);
    return made;
  }
}

/** Labels under which the metric is 1 for such samples; null where a label does not decide it. */
function eventOf(
  errors: ScorerErrors,
  { key }: MetricSpec,
  strata: Readonly<Record<string, string>>,
): ReadonlySet<string> | null {
  const values = labelsOf(errors).map((label) => [label, errors.valuesOf(label, strata)[key]] as const);
  if (values.some(([, value]) => value === undefined)) return null;
  return new Set(values.filter(([, value]) => value === 1).map(([label]) => label));
}

function labelsOf({ rows }: ScorerErrors): string[] {
  return rows.map(({ label }) => label);
}
