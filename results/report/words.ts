import { counted, plain, unitName } from '../format.ts';
import { MINIMUM_SEEDS } from '../statistics/seed-variance.ts';
import type { Effect, EffectKind, ReadingAgreement, Summary } from '../summary.ts';
import { verdictOfEachRun } from './each-run.ts';
import { fewEventsInWords } from './few-events.ts';
import { intervalInWords, isSequential } from './interval-words.ts';
import { metricOf, shortNames } from './names.ts';
import { clean } from './text.ts';
import {
  failsOnlyAfterCorrection,
  hasDirection,
  headlineEffects,
  idOf,
  isWithinSeedNoise,
  overSeeds,
  passesOnlyByTest,
  type ShownEffect,
  shownEffect,
} from './view.ts';

/** What the words of the tables mean, for those that occur in this summary. */
export function explainWords(summary: Summary): string[] {
  const mains = headlineEffects(summary).filter(({ main, kind }) => main && kind !== 'control');
  const cells = mains.map((effect): ShownCell => {
    const over = overSeeds(summary, effect);
    return { effect, shown: shownEffect(summary, effect), isOverSeeds: over !== undefined };
  });
  const has = (test: (cell: ShownCell) => boolean): boolean => cells.some(test);
  return [
    '"95 % interval" of a value: Wilson for samples that are right or wrong (on the sample size that their clusters are worth), otherwise cluster-robust with Student’s t.',
    fewEventsInWords(summary),
    cells.length === 0
      ? null
      : `"better" and "WORSE": adjusted p of at most .05, in the direction of the metric. The signed number is the second checkpoint minus the first, on the samples that both have a value for; ± is half its ${intervalInWords(summary)}, and brackets hold both ends where they do not lie evenly about the number.`,
    isSequential(summary)
      ? '"confidence sequence": the interval of an effect in a run that stops by what it sees. It holds at every look, and so whenever one stops; intervals of single cells are for a fixed number of samples (docs/sequential.md).'
      : null,
    has(({ shown }) => shown.verdict === 'no detectable change')
      ? `"no change": none was detected, which does not show that there is none; "toward" says on which side the number lies.${detectableInWords(summary, cells)}`
      : null,
    has(({ shown }) => shown.equivalence?.equivalent === true)
      ? '"equivalent within": two one-sided tests at .05 put the true difference inside the margin that the definition sets.'
      : null,
    has(({ shown }) => shown.equivalence?.equivalent === false && !hasDirection(shown))
      ? '"not shown equivalent within": these tests do not; the difference may lie inside the margin or beyond it.'
      : null,
    cells.length === 0 ? null : testsInWords(summary),
    afterCorrectionInWords(summary, cells),
    has(({ shown }) => passesOnlyByTest(shown))
      ? '"interval includes 0": the verdict comes from the test, which is exact or resamples whole clusters; the interval rests on an approximation of its own and does not quite agree.'
      : null,
    has(({ isOverSeeds }) => isOverSeeds)
      ? '"mean of 3 seeds": the mean effect over training runs that differ in nothing but the seed. Its interval counts how far they lie apart as well as the choice of samples (each by its own t), so it speaks of the method with this parent and data.'
      : null,
    has(({ effect }) => verdictOfEachRun(summary, effect) !== undefined)
      ? '"each of 3 runs better" (or worse): each of these runs differs from its parent by its own test. That is a statement about these runs; with so few seeds it does not carry to the method, whose true effect may still be none.'
      : null,
    has(({ shown }) => shown.confounds.length > 0)
      ? '"+ training": the two sides differ in what stands before it as well, which the definition allows; the number holds both.'
      : null,
    summary.relations.agreements.some(({ tasks }) => tasks > 1)
      ? '"3 of 4 tasks": so many tasks of the dimension moved to the same side as its headline task; a count, not a test.'
      : null,
    summary.relations.readings?.some(({ over }) => over === 'judges') === true
      ? '"2 of 3 judges": by so many judges of the same answers the number lies on this side; a count, not a test.'
      : null,
    summary.relations.readings?.some(isOverPresets) === true
      ? '"2 of 2 prompts": in so many wordings of the task (presets, prompt formats) the number lies on this side; a count, not a test.'
      : null,
    new Set(summary.checkpoints.map(({ promptFormat }) => promptFormat)).size > 1
      ? '"2 of 2 formats": where the same weights were asked in several prompt formats, in so many of them the number lies on this side; a count, not a test.'
      : null,
    has(({ effect }) => effect.missingDiffers && effect.missingBounds !== null)
      ? '"missing": more samples lack a value on one side than chance explains; with the worst and the best values in their place the change would lie between these bounds.'
      : null,
    ...singleSeedWords(cells),
    seedsInWords(cells),
  ].filter((line) => line !== null);
}

function isOverPresets({ over, readings, task }: ReadingAgreement): boolean {
  return over === 'prompts' && readings.some((one) => one.task !== task);
}

interface ShownCell {
  readonly effect: Effect;
  readonly shown: ShownEffect;
  readonly isOverSeeds: boolean;
}

/** Of cells that rest on one training run. */
function singleSeedWords(cells: readonly ShownCell[]): (string | null)[] {
  const single = cells.filter(({ isOverSeeds }) => !isOverSeeds).map(({ effect }) => effect);
  const has = (test: (effect: Effect) => boolean): boolean => single.some(test);
  return [
    has((effect) => isWithinSeedNoise(effect) && !hasDirection(effect))
      ? '"within seed noise": the change is no larger than the distance between training runs that differ in nothing but the seed.'
      : null,
    has((effect) => isWithinSeedNoise(effect) && hasDirection(effect))
      ? '"but seed noise is": these two checkpoints differ by more than the choice of samples explains, yet by no more than training runs that differ in nothing but the seed, so the seed may have done it and not the method.'
      : null,
    has(({ seedSpread }) => seedSpread !== null)
      ? '"1 of 3 seeds": the cell is the training run that the definition names first. "a seed is worth": the largest distance, in points, between training runs that differ in nothing but the seed; "What a training seed is worth" shows each of them.'
      : null,
  ];
}

/** What must be said before anything else of a run that did not come to its end; null for one that did. */
export function incompleteInWords({ run }: Summary): string | null {
  if (run.status === 'finished') return null;
  return `INCOMPLETE: the run was ${run.status} before its end. Everything below is provisional and rests on what was answered.`;
}

/** What of the analysis was chosen after answers could be seen, one line each: a table that travels alone must say it too. */
export function analysisChangeLines({ alarms }: Summary): string[] {
  return alarms.filter(({ kind }) => kind === 'analysis-changed').map(({ message }) => message);
}

/** Why the first table is empty. */
export function noAnswerInWords({ effects }: Summary): string {
  return effects.some(({ kind }) => kind === 'stage')
    ? 'No dimension has a task that may stand for it; what the others say stands under "Further tasks".'
    : 'No checkpoint of this benchmark has a parent in it, so there is no effect to show.';
}

/** Said beside the title of the answer, so that no verdict of an incomplete run is quoted as a final one. */
export function provisional({ run }: Summary): string {
  return run.status === 'finished' ? '' : ' (provisional)';
}

/** How many tests stand behind the overview, and how many training runs behind a method. */
export function correctionInWords(summary: Summary): string {
  const stages = headlineEffects(summary).filter(({ kind, main }) => kind === 'stage' && main);
  const over = stages.filter((effect) => overSeeds(summary, effect) !== undefined);
  const tests = holmInWords(summary.families.primary.tests);
  if (over.length === 0) return stages.length > 0 ? `${tests}; one training run per method` : tests;
  const methods = `mean over training seeds, ${tests}`;
  return over.length === stages.length
    ? methods
    : `${methods}; where a method has fewer than ${MINIMUM_SEEDS}, one training run`;
}

/** How the tests of an exploratory table were corrected. */
export function exploratoryInWords(summary: Summary, kind: EffectKind = 'total'): string {
  const shown = headlineEffects(summary).filter((effect) => effect.kind === kind && effect.main);
  const over = shown.filter((effect) => overSeeds(summary, effect) !== undefined);
  const { tests } = summary.families.exploratory;
  const single = 'one training run per method';
  const rest = [
    kind === 'method' && over.length > 0 ? 'over equal training seeds' : null,
    // A total over seeds says nothing of what other seeds of the stages before it would have done.
    kind === 'total' && over.length > 0
      ? 'training seeds of the last stage, after one training run of those before it'
      : null,
    kind === 'stage' || over.length === shown.length
      ? null
      : over.length === 0
        ? single
        : `with fewer than ${MINIMUM_SEEDS} seeds, ${single}`,
  ];
  return [`exploratory, ${benjaminiHochbergInWords(tests)}`, ...rest.filter((each) => each !== null)].join(
    '; ',
  );
}

function holmInWords(tests: number): string {
  return tests === 0 ? 'nothing could be tested' : `Holm over ${counted(tests, 'test')}`;
}

function benjaminiHochbergInWords(tests: number): string {
  return tests === 0 ? 'nothing could be tested' : `Benjamini-Hochberg over ${counted(tests, 'test')}`;
}

/**
 * Why an interval of the primary family may include 0 beside an adjusted p of at most .05; empty where none does.
 */
export function singleStepInWords({ effects, relations, families }: Summary): string {
  const crosses = ({ simultaneous, pAdjusted }: Pick<Effect, 'simultaneous' | 'pAdjusted'>): boolean =>
    simultaneous !== null &&
    simultaneous.low <= 0 &&
    simultaneous.high >= 0 &&
    (pAdjusted ?? 1) <= families.alpha;
  return [...effects, ...relations.methods].some(crosses)
    ? ' They are of one step (Bonferroni), and Holm goes on in steps: one of them may include 0 although the adjusted p is at most .05.'
    : '';
}

/** Which tests were corrected together. */
function testsInWords(summary: Summary): string | null {
  const { families } = summary;
  const hasMeans = summary.relations.methods.some(({ family, p }) => family === 'primary' && p !== null);
  const means = hasMeans
    ? `; of a method with at least ${MINIMUM_SEEDS} training seeds their mean, of another its one run`
    : '';
  const behind = hasMeans ? 'the runs behind a mean, ' : '';
  if (families.primary.tests + families.exploratory.tests === 0) return null;
  return [
    families.primary.tests === 0
      ? null
      : `"${holmInWords(families.primary.tests)}": one for each dimension's headline task in each stage (a checkpoint against its parent) of the first table that could be tested${means}.`,
    families.exploratory.tests === 0
      ? null
      : `"${benjaminiHochbergInWords(families.exploratory.tests)}": whatever else could be tested: ${behind}other tasks and metrics, further seeds, steps, method against method, all stages together. Control copies belong to neither.`,
  ]
    .filter((line) => line !== null)
    .join(' ');
}

/** Which correction took the verdict from an interval that excludes 0, table by table. */
function afterCorrectionInWords(summary: Summary, cells: readonly ShownCell[]): string | null {
  const failing = cells.filter(({ shown }) => failsOnlyAfterCorrection(shown));
  const corrections = [...new Set(failing.map((cell) => correctionOf(summary, cell)))];
  return corrections.length === 0
    ? null
    : `"not after correction": the ${intervalInWords(summary)} excludes 0, but the adjusted p is above .05 (${corrections.join(', ')}).`;
}

function correctionOf({ families }: Summary, { shown, isOverSeeds }: ShownCell): string {
  const what = isOverSeeds ? 'a mean over seeds' : 'a stage';
  return shown.family === 'primary'
    ? `${holmInWords(families.primary.tests)} for ${what}`
    : `${benjaminiHochbergInWords(families.exploratory.tests)} in a table called exploratory`;
}

/** The smallest effects that the unmoved stages could have shown, by instrument. */
function detectableInWords(summary: Summary, cells: readonly ShownCell[]): string {
  const names = shortNames(summary.tasks);
  const parts = summary.tasks.flatMap(({ task, headline }) => {
    const sizes = cells
      .filter(({ effect, shown }) => {
        return effect.kind === 'stage' && effect.task === task && shown.verdict === 'no detectable change';
      })
      .flatMap((cell) => detectableOf(cell));
    if (sizes.length === 0) return [];
    const { unit } = metricOf(summary, task, headline);
    const ends = [...new Set([Math.min(...sizes), Math.max(...sizes)].map((size) => plain(size, unit)))];
    return [`${clean(names.get(task) ?? task)} ${ends.join(' to ')} ${unitName(unit)}`];
  });
  return parts.length === 0
    ? ''
    : ` Smallest change that would have been found with 80 % power: ${parts.join('; ')}.`;
}

function detectableOf({ shown: { detectable } }: ShownCell): number[] {
  return detectable === null ? [] : [detectable];
}

function seedsInWords(cells: readonly ShownCell[]): string | null {
  const stages = cells.map(({ effect }) => effect).filter(({ kind }) => kind === 'stage');
  const few = [...new Set(stages.filter(({ seeds }) => seeds < MINIMUM_SEEDS).map(({ to }) => idOf(to)))];
  if (few.length === 0) return null;
  const what = stages.every(({ seeds }) => seeds < MINIMUM_SEEDS)
    ? 'One training run per method'
    : `Fewer than ${MINIMUM_SEEDS} training seeds: ${few.join(', ')}`;
  return `${what}. The intervals speak of these checkpoints and of further samples, not of the method.`;
}
