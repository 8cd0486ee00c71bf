import type { Definition } from '../benchmarks/definition/definition.ts';
import { type Overrides, overridden } from '../benchmarks/definition/override.ts';
import type { PreparedTask } from '../benchmarks/run/prepare-tasks.ts';
import type { StoppingRule } from '../benchmarks/run/waves.ts';
import { EXIT, type Problem, UserError } from '../core/errors.ts';
import { planComparisons } from '../results/effects/comparisons.ts';
import { pointsAsShare } from '../results/format.ts';
import { reachOf } from '../results/sequential/estimate.ts';
import { ruleWidth } from '../results/sequential/rule.ts';
import { WidthRule } from '../results/sequential/width-rule.ts';
import { findTask } from '../suites/registry.ts';
import type { MetricSpec } from '../suites/task.ts';
import { type OptionValues, textOption } from './command.ts';
import { designOf } from './sequential-design.ts';
import { checkpointFacts } from './summarise-run.ts';

/**
 * The definition with what `--limit` and `--until` say in place of the file.
 *
 * @throws UserError (exit code 2) for a limit or a rule that cannot be read, and for a rule that a task cannot follow.
 */
export async function withOverrides(definition: Definition, options: OptionValues): Promise<Definition> {
  const changed = overridden(definition, writtenOverrides(options));
  await checkUntil(changed);
  return changed;
}

function writtenOverrides(options: OptionValues): Overrides {
  const [limit, until] = [textOption(options, 'limit'), textOption(options, 'until')];
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) {
    const message = `"${limit}" is no number of samples`;
    throw new UserError({ field: '--limit', message, fix: 'Name a whole number: --limit 200.' }, EXIT.usage);
  }
  return {
    ...(limit === undefined ? {} : { limit: Number(limit) }),
    ...(until === undefined ? {} : { until: until.replace(/\s/g, '') }),
  };
}

async function checkUntil({ settings, tasks }: Definition): Promise<void> {
  const { until } = settings;
  if (until === undefined) return;
  const width = ruleWidth(until);
  if (width === undefined) {
    const fix =
      'The rule is effect-width<W with W in the unit of the metric: effect-width<0.10 is 10 points.';
    throw new UserError({ field: '--until', message: `"${until}" is no stopping rule`, fix }, EXIT.usage);
  }
  const problems: Problem[] = [];
  for (const { task: name, instrument } of tasks) {
    const task = await findTask(name);
    if (task === undefined) continue;
    const reach = reachOf(task.headline);
    if (reach !== undefined && width >= reach) throw tooWide(until, width, instrument, task.headline);
    if (reach !== undefined) continue;
    problems.push({
      field: instrument,
      message: `cannot be asked until ${until}: its headline metric ${task.headline.key} is unbounded or no mean, and only bounded means have a confidence sequence`,
      fix: 'Leave the task out, or ask a fixed number of samples (`aligntrust plan --detect` says how many).',
    });
  }
  if (problems.length > 0) throw new UserError(problems, EXIT.usage);
}

/** An interval as wide as the whole metric tells no size and, most often, no side. */
function tooWide(until: string, width: number, instrument: string, metric: MetricSpec): UserError {
  const { key, range, unit } = metric;
  const points = unit === 'share' ? `${pointsAsShare(width)}: effect-width<${width / 100}.` : '';
  return new UserError({
    field: '--until',
    message: `${until} settles nothing: ${key} of ${instrument} runs from ${range[0]} to ${range[1]}, so that an effect is hardly known by an interval that wide`,
    fix: `The width is in the unit of the metric. ${points}`.trim(),
  });
}

/** Judges the rule of a run while it asks: the headline of every task in every stage of the overview. */
export function stoppingRule(definition: Definition, tasks: readonly PreparedTask[]): StoppingRule {
  const design = designOf(definition, new Map(tasks.map(({ instrument, facts }) => [instrument, facts])));
  if (design === undefined) throw new Error('the definition has no rule');
  const checkpoints = definition.checkpoints.map((one) => checkpointFacts(one, { models: {} }));
  const stages = planComparisons(checkpoints).comparisons.filter(
    ({ kind, main }) => kind === 'stage' && main,
  );
  return new WidthRule(design, {
    headlines: new Map(tasks.map(({ instrument, task }) => [instrument, task.headline])),
    pairs: stages.map(({ from, to }) => ({ from: from.id, to: to.id })),
  });
}
