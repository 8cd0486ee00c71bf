import { unforeseen } from '../../benchmarks/run/capabilities.ts';
import type { Plan } from '../../benchmarks/run/plan.ts';
import { counted, grouped, plain, unitName } from '../../results/format.ts';
import { ALPHA } from '../../results/settings.ts';
import { approximately, duration } from '../format.ts';
import { table } from '../table.ts';
import type { FamilyApart } from './family.ts';
import type { Sight } from './measure.ts';
import { ASSUMED_SEEDS } from './over-seeds.ts';
import { ASSUMED_CORRELATION, ASSUMED_DISCORDANCE, type Sensitivity } from './sensitivity.ts';

export interface PlanTextOptions {
  readonly width: number;
  readonly detect: number | undefined;
  readonly until: string | undefined;
  /** The earlier run that told how long answers are and take; undefined where the probe and the limits of length must do. */
  readonly timedBy: string | undefined;
}

/** Everything that `plan` prints. */
export async function planText(
  plan: Plan,
  sight: Sight,
  { width, detect, until, timedBy }: PlanTextOptions,
): Promise<string> {
  const names = namesOf(sight.tasks);
  return [
    `${await spendingTable(plan, sight, names, width)}\n`,
    totals(plan, timedBy),
    tokenLine(plan),
    ...(until === undefined
      ? []
      : [
          `at most: a task stops as soon as ${until} holds for each of its effects; what follows is for all samples\n`,
        ]),
    `\n${sightHead(sight)}\n`,
    `${await sightTable(sight, names, width)}\n`,
    footnotes(sight),
    ...(detect === undefined ? [] : ['\n', ...sight.tasks.map((task) => detectLine(task, names, detect))]),
    gapLines(plan),
  ].join('');
}

async function spendingTable(plan: Plan, sight: Sight, names: Names, width: number): Promise<string> {
  const tested = new Set(testedTasks(sight));
  const rows = plan.tasks.map((task) => {
    const seen = sight.tasks.find(({ instrument }) => instrument === task.instrument);
    const requests = task.requestsPerCheckpoint * plan.checkpoints + task.sharedRequests;
    const later = task.followUps === 0 ? '' : ` + ~${grouped(task.followUps)}`;
    return [
      `${names.get(task.instrument) ?? task.instrument}${tested.has(task.instrument) ? '' : ' °'}`,
      `${grouped(requests)}${later}`,
      `${approximately(task.inputTokens)} / ${task.outputIsLimit ? '≤' : ''}${approximately(task.outputTokens)}`,
      duration(task.minutes * 60_000),
      money(task.cost),
      seen === undefined ? '–' : smallestText(seen),
    ];
  });
  return table(['task', 'requests', 'tokens in / out', 'time', 'cost', 'sees effects ≥'], rows, width);
}

function totals(plan: Plan, timedBy: string | undefined): string {
  const bound = plan.tasks.some(({ outputIsLimit }) => outputIsLimit) ? 'at most' : 'about';
  const later = plan.followUps === 0 ? '' : ` + about ${grouped(plan.followUps)} that depend on answers`;
  const tokens = `${approximately(plan.inputTokens)} tokens in, ${bound} ${approximately(plan.outputTokens)} out`;
  const cost =
    plan.cost === null ? 'no price given' : `${bound} ${money(plan.cost)} in the currency of the prices`;
  const clock = timedBy === undefined ? "the time of the probe's requests" : `run ${timedBy} and the probe`;
  const time = `about ${duration(plan.minutes * 60_000)} by ${clock}`;
  return `${plan.checkpoints} checkpoints · ${grouped(plan.requests)} requests${later} · ${tokens}\n${time} · ${cost}\n`;
}

function tokenLine({ tokenBasis }: Plan): string {
  const named = (basis: string) => tokenBasis.filter((one) => one.basis === basis).map(({ model }) => model);
  const [exact, rough] = [named('tokenizer'), named('characters')];
  const parts = [
    ...(exact.length > 0
      ? ["counted by each model's own tokenizer on the first 5 prompts of every task"]
      : []),
    ...(rough.length > 0
      ? [
          `${exact.length > 0 ? `for ${rough.join(', ')} ` : ''}estimated at 4 characters a token (no tokenizer at hand)`,
        ]
      : []),
  ];
  return parts.length === 0 ? '' : `tokens in: ${parts.join('; ')}\n`;
}

function sightHead({ family }: Sight): string {
  const { tests, stages, headlineTasks, apart } = family;
  const what = '"sees effects ≥": the smallest true change of one stage that is found with 80 % power at';
  const others = apart.map(apartLine);
  if (headlineTasks.length === 0 && others.length > 0)
    return [`${what} the level of its family`, ...others].join('\n');
  const product = `${counted(headlineTasks.length, 'headline task')} × ${counted(stages, 'parent-child stage')}`;
  return [
    `${what} ${levelText(tests)}`,
    `(${counted(tests, 'primary test')} = ${product}, corrected together)`,
    ...others,
  ].join('\n');
}

/** `profile, apart: at .05/270 (at most 270 tests = 90 factors × 3 parent-child stages, …)`. */
function apartLine({ family, metrics, stages, tests, tasks }: FamilyApart): string {
  const product = `${counted(metrics, family === 'profile' ? 'factor' : 'measure')} of ${counted(tasks.length, 'task')} × ${counted(stages, 'parent-child stage')}`;
  return `${family}, apart: at ${levelText(tests)} (at most ${counted(tests, 'test')} = ${product}, training seeds one by one)`;
}

function levelText(tests: number): string {
  return `${String(ALPHA).replace(/^0/, '')}/${Math.max(1, tests)}`;
}

/** Tasks of which something belongs to a family that answers a question of its own. */
function testedTasks({ family: { headlineTasks, apart } }: Sight): string[] {
  return [...headlineTasks, ...apart.flatMap(({ tasks }) => tasks)];
}

async function sightTable({ tasks }: Sight, names: Names, width: number): Promise<string> {
  const overSeeds = tasks.some(({ seeds }) => seeds > 1);
  const rows = tasks.map((task) => [
    names.get(task.instrument) ?? task.instrument,
    task.samples === task.available
      ? grouped(task.samples)
      : `${grouped(task.samples)} of ${grouped(task.available)}`,
    grouped(task.clusters),
    task.discordance === null ? '–' : `${(task.discordance * 100).toFixed(0)} %`,
    task.designEffect === null
      ? task.deviation === null
        ? '–'
        : 'in the spread'
      : task.designEffect.toFixed(2),
    ...(overSeeds ? [seedText(task)] : []),
    task.measuredOn === null ? 'assumed' : `${task.measuredOn.from} → ${task.measuredOn.to}`,
  ]);
  const seeds = overSeeds ? ['seeds'] : [];
  return table(['task', 'samples', 'clusters', 'differ', 'design effect', ...seeds, 'from'], rows, width);
}

/** `3, ±2.0*`: the mean of three, which lie a standard deviation of 2.0 apart, by assumption. */
function seedText({ seeds, seedSpread, unit }: Sensitivity): string {
  if (seedSpread === null) return String(seeds);
  return `${seeds}, ±${plain(seedSpread.deviation, unit)}${seedSpread.runs === null ? '*' : ''}`;
}

function footnotes(sight: Sight): string {
  const { tasks, earlier, family } = sight;
  const reasons = tasks.flatMap(({ smallest, reason, dimension }) =>
    smallest === null && reason !== null ? [`${dimension}: ${reason}\n`] : [],
  );
  const assumed = tasks.some(({ measuredOn, discordance }) => measuredOn === null && discordance !== null)
    ? `assumed: ${ASSUMED_DISCORDANCE * 100} % of samples differ between two sides, and differences of one cluster correlate by ${ASSUMED_CORRELATION}\n`
    : '';
  const measured =
    earlier === null
      ? ''
      : `from: run ${earlier}, on the stage that is hardest to see; a change needs at least as many samples that differ\n`;
  const seeds = seedLines(tasks);
  const tested = testedTasks(sight);
  const apart = family.apart.map((one) => metricLine(one.family, one.tasks, tasks)).join('');
  const others = tasks.some(({ instrument }) => !tested.includes(instrument))
    ? '° not the headline task of its dimension: its effects are exploratory\n'
    : '';
  return `${measured}${assumed}${seeds}${apart}${others}${reasons.join('')}`;
}

/** Which of many metrics the line of a task speaks of. */
function metricLine(
  family: FamilyApart['family'],
  names: readonly string[],
  tasks: readonly Sensitivity[],
): string {
  const own = tasks.filter(({ instrument }) => names.includes(instrument));
  const metrics = [...new Set(own.map(({ metric }) => metric))].join(', ');
  return `${family}: of ${metrics} alone; any other ${family === 'profile' ? 'factor' : 'measure'} spreads in its own way\n`;
}

/** What is tested where a method has several training seeds, and how these are taken to spread. */
function seedLines(tasks: readonly Sensitivity[]): string {
  const means = tasks.filter(({ seeds }) => seeds > 1);
  if (means.length === 0) return '';
  const { deviation, own } = ASSUMED_SEEDS;
  const assumed = means.some(({ seedSpread }) => seedSpread?.runs === null)
    ? `* assumed: training seeds differ by a standard deviation of ${deviation * 100} % of the metric's range, and ${own * 100} % of what a run makes of the samples is its own\n`
    : '';
  const measured = means.flatMap(({ seedSpread }) => seedSpread?.runs ?? []);
  const few = measured.length === 0 ? '' : `, measured on ${Math.min(...measured)} runs and so uncertain`;
  return `seeds: the mean over so many training runs is tested, as in the report; ± their standard deviation${few}\n${assumed}`;
}

/** For example: To see 1 point in toxicity you need 2,390 samples (you have 1,196). */
function detectLine(task: Sensitivity, names: Names, detect: number): string {
  const what = `To see ${amount(detect, task.unit)} in ${names.get(task.instrument) ?? task.instrument}`;
  if (task.needed === null) {
    const hidden =
      task.seeds > 1
        ? `no number of samples will do with ${task.seeds} training seeds`
        : 'no share can change by more than 100 points';
    const why = task.reason ?? hidden;
    return `${what}: ${why}.\n`;
  }
  const have = `you have ${grouped(task.samples)}`;
  if (task.needed <= task.samples)
    return `${what} you need ${counted(task.needed, 'sample')} (${have}: enough).\n`;
  const short = task.needed > task.available ? `; the dataset holds ${grouped(task.available)}` : '';
  return `${what} you need ${counted(task.needed, 'sample')} (${have}${short}).\n`;
}

function gapLines({ gaps }: Plan): string {
  if (gaps.length === 0) return '';
  const foreseen = gaps.filter((gap) => gap.foreseen === true);
  const left = foreseen.map(
    ({ checkpoint, instrument, missing }) => `left out: ${checkpoint} × ${instrument}   ${missing}\n`,
  );
  const lines = unforeseen(gaps).map(({ instrument, missing }) => `cannot do: ${instrument}   ${missing}\n`);
  const way = lines.length === 0 ? '' : '→ --skip-missing leaves them out\n';
  return `\n${left.join('')}${lines.join('')}${way}`;
}

/** One line for the start of a run; undefined when nothing can be said. */
export function sightLine({ family, tasks, earlier }: Sight): string | undefined {
  const names = namesOf(tasks);
  const basis = earlier === null ? 'spread assumed' : `by run ${earlier}`;
  const parts = (wanted: readonly string[], nameOf: (task: Sensitivity) => string): string =>
    tasks
      .filter(({ instrument }) => wanted.includes(instrument))
      .map((task) => `${nameOf(task)} ${task.smallest === null ? '–' : amount(task.smallest, task.unit)}`)
      .join(' · ');
  const trust = parts(family.headlineTasks, ({ dimension }) => dimension);
  const lines = [
    ...(family.tests === 0 || trust === ''
      ? []
      : [`can see effects of at least (80 % power, ${counted(family.tests, 'test')}, ${basis}): ${trust}`]),
    ...family.apart
      .filter(({ tests }) => tests > 0)
      .map(
        (own) =>
          `${own.family}, corrected apart (at most ${counted(own.tests, 'test')}, ${basis}): ${parts(own.tasks, (task) => `${names.get(task.instrument) ?? task.instrument} ${task.metric}`)}`,
      ),
  ];
  return lines.length === 0 ? undefined : lines.join('; ');
}

type Names = ReadonlyMap<string, string>;

/** Instruments by dimension where that is clear, else by task, else in full. */
function namesOf(tasks: readonly Sensitivity[]): Names {
  const short = (instrument: string) => instrument.split('@')[0] ?? instrument;
  const count = (items: readonly string[], item: string) => items.filter((one) => one === item).length;
  const [dimensions, shorts] = [tasks.map((one) => one.dimension), tasks.map((one) => short(one.instrument))];
  return new Map(
    tasks.map(({ instrument, dimension }) => {
      if (count(dimensions, dimension) === 1) return [instrument, dimension];
      return [instrument, count(shorts, short(instrument)) === 1 ? short(instrument) : instrument];
    }),
  );
}

function smallestText({ smallest, unit }: Sensitivity): string {
  return smallest === null ? '–' : amount(smallest, unit);
}

/** `4.1 points`, `1 point`, `0.25 nats`. */
function amount(value: number, unit: Sensitivity['unit']): string {
  const text = plain(value, unit).replace(/\.0+$/, '');
  return unit === 'share' && text === '1' ? '1 point' : `${text} ${unitName(unit)}`;
}

function money(cost: number | null): string {
  if (cost === null) return '–';
  return cost > 0 && cost < 0.01 ? '<0.01' : cost.toFixed(2);
}
