import type { Definition } from '../../benchmarks/definition/definition.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import { pointsAsShare } from '../../results/format.ts';
import { findTask } from '../../suites/registry.ts';
import { type OptionValues, textOption } from '../command.ts';

/**
 * The effect of `--detect`, in the metrics' own unit: 0.05 is 5 points of a share.
 *
 * @throws UserError (exit code 2) when it is no number above 0, or more than any task of the definition can show.
 */
export async function wantedEffect(
  options: OptionValues,
  { tasks }: Pick<Definition, 'tasks'>,
): Promise<number | undefined> {
  const text = textOption(options, 'detect');
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw wrong(
      `"${text}" is not a size of an effect`,
      'Name it in the unit of the metric, with a decimal point: --detect 0.05 is 5 points of a share.',
    );
  }
  const largest = await largestEffect(tasks);
  if (largest === undefined || value <= largest) return value;
  throw wrong(
    `no effect of these tasks can be ${text}: the largest change there can be is ${largest}`,
    `The unit is the metric's own: ${pointsAsShare(value)} of a share.`,
  );
}

/** The largest change that a headline of the tasks can show, in its own unit; undefined without a bound. */
async function largestEffect(tasks: Definition['tasks']): Promise<number | undefined> {
  const ranges = await Promise.all(
    tasks.map(async ({ task }) => {
      const [least, most] = (await findTask(task))?.headline.range ?? [0, Number.POSITIVE_INFINITY];
      return most - least;
    }),
  );
  const largest = Math.max(...ranges);
  return Number.isFinite(largest) ? largest : undefined;
}

function wrong(message: string, fix: string): UserError {
  return new UserError({ field: '--detect', message, fix }, EXIT.usage);
}
