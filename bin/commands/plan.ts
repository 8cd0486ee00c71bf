import { loadDefinition } from '../../benchmarks/definition/load.ts';
import { notesOn } from '../../benchmarks/definition/notes.ts';
import { unforeseen } from '../../benchmarks/run/capabilities.ts';
import type { HeadlineSize } from '../../benchmarks/run/headline-size.ts';
import { planBenchmark } from '../../benchmarks/run/plan.ts';
import type { MeasuredAnswers } from '../../benchmarks/run/plan-spending.ts';
import { EXIT } from '../../core/errors.ts';
import { type CommandAction, type OptionValues, textOption } from '../command.ts';
import type { Io } from '../io.ts';
import { wantedEffect } from '../plan/aim.ts';
import { type EarlierRun, earlierRun, newestFinished } from '../plan/earlier-run.ts';
import { sightOf } from '../plan/measure.ts';
import { measuredAnswers } from '../plan/measured-answers.ts';
import { planText } from '../plan/text.ts';
import { chooseRun, runsFolder } from '../run-choice.ts';
import { withOverrides } from '../until.ts';

export const plan: CommandAction = async ([benchmark = ''], options, io) => {
  const { json, quiet } = options;
  const definition = await withOverrides(await loadDefinition(benchmark, { folder: io.cwd }), options);
  const detect = await wantedEffect(options, definition);
  const notify = (line: string) => {
    if (!quiet) io.err(`${line}\n`);
  };
  for (const note of notesOn(definition)) notify(`note: ${note}`);
  const earlier = await chosenEarlier(definition.benchmark, options, io);
  let headlines: readonly HeadlineSize[] = [];
  const sized = (found: readonly HeadlineSize[]) => {
    headlines = found;
  };
  const measured = await measuredIn(earlier);
  const planned = await planBenchmark(definition, { env: io.env, notify, sized, measured });
  const sight = sightOf(definition, headlines, earlier, detect);
  const text = json
    ? `${JSON.stringify({ ...planned, power: 0.8, ...sight.family, earlierRun: sight.earlier, detect: detect ?? null, sensitivity: sight.tasks }, undefined, 2)}\n`
    : await planText(planned, sight, {
        width: io.columns,
        detect,
        until: definition.settings.until,
        timedBy: measured.size === 0 ? undefined : earlier?.id,
      });
  io.out(text);
  return unforeseen(planned.gaps).length > 0 ? EXIT.environment : EXIT.fine;
};

async function measuredIn(earlier: EarlierRun | undefined): Promise<ReadonlyMap<string, MeasuredAnswers>> {
  return earlier === undefined ? new Map<string, MeasuredAnswers>() : measuredAnswers(earlier.folder);
}

/** The run named by `--like`, else the newest finished one of this benchmark, else none. */
async function chosenEarlier(
  benchmark: string,
  options: OptionValues,
  io: Io,
): Promise<EarlierRun | undefined> {
  const like = textOption(options, 'like');
  const folder =
    like === undefined
      ? await newestFinished(runsFolder(options, io), benchmark)
      : await chooseRun(like, options, io);
  return folder === undefined ? undefined : earlierRun(folder);
}
