import { join, relative } from 'node:path';
import { catalogNames } from '../../benchmarks/catalog/index.ts';
import type { Definition } from '../../benchmarks/definition/definition.ts';
import { loadDefinition } from '../../benchmarks/definition/load.ts';
import { SUMMARY_FILE } from '../../benchmarks/journal/run-folder.ts';
import type { Progress } from '../../benchmarks/run/progress.ts';
import {
  type PreparedFacts,
  type RunListener,
  type RunResult,
  runBenchmark,
} from '../../benchmarks/run/run-benchmark.ts';
import { StopSwitch } from '../../benchmarks/run/stop.ts';
import { EXIT, type ExitCode } from '../../core/errors.ts';
import { writeFileAtomic } from '../../core/files.ts';
import { packageVersion } from '../../core/package-root.ts';
import { renderJson } from '../../results/report/json.ts';
import { renderTerminal } from '../../results/report/terminal.ts';
import type { Summary } from '../../results/summary.ts';
import type { CommandAction, OptionValues } from '../command.ts';
import type { Io } from '../io.ts';
import { pageBesideRun } from '../page/beside-run.ts';
import { earlierRun, newestFinished } from '../plan/earlier-run.ts';
import { sightOf } from '../plan/measure.ts';
import { sightLine } from '../plan/text.ts';
import { programName } from '../program-name.ts';
import { showProgress } from '../progress-line.ts';
import { runsFolder } from '../run-choice.ts';
import { summariseRun } from '../summarise-run.ts';
import { fold } from '../table.ts';
import { stoppingRule, withOverrides } from '../until.ts';

export const run: CommandAction = async ([benchmark = ''], options, io) => {
  const definition = await withOverrides(await loadDefinition(benchmark, { folder: io.cwd }), options);
  const stop = new StopSwitch();
  const unlisten = io.onInterrupt(() => interrupt(stop, io));
  const screen = new Screen(definition, options, io);
  try {
    const result = await runBenchmark(definition, {
      runs: runsFolder(options, io),
      fresh: options['new'] === true,
      skipMissing: options['skipMissing'] === true,
      env: io.env,
      stop,
      stoppingRule: (tasks) => stoppingRule(definition, tasks),
      listener: screen.listener,
    }).finally(() => screen.stop());
    const summary = await summariseRun(result.folder);
    await writeFileAtomic(join(result.folder, SUMMARY_FILE), renderJson(summary), 'derived');
    await pageBesideRun(result.folder, summary, io);
    io.out(
      options.json ? renderJson(summary) : renderTerminal(summary, { width: io.columns, colour: io.colour }),
    );
    if (!options.json && !options.quiet) io.out(closing(result, benchmark, io));
    return exitCode(result, summary, definition.settings.failureTolerance);
  } finally {
    unlisten();
  }
};

/** The first Ctrl+C saves what is under way, the second one breaks it off. */
function interrupt(stop: StopSwitch, io: Io): void {
  if (stop.interrupt() === 'draining') {
    io.err('\nstopping: what is under way is being saved; press Ctrl+C again to break it off\n');
  }
}

/** What people see while a run prepares and asks. */
class Screen {
  readonly listener: RunListener;
  #stopProgress: (() => void) | undefined;

  constructor(definition: Definition, options: OptionValues, io: Io) {
    if (options.quiet) {
      this.listener = {};
      return;
    }
    io.err(`aligntrust ${packageVersion()}   benchmark ${definition.benchmark}\n`);
    this.listener = {
      notify: (line) => io.err(`${line}\n`),
      prepared: async (facts) => {
        io.err(preparedText(facts));
        const sight = await sightBefore(definition, facts, options, io);
        if (sight !== undefined) io.err(`${fold(sight, io.columns).join('\n  ')}\n`);
      },
      started: (progress: Progress) => {
        this.#stopProgress = showProgress(progress, io);
      },
    };
  }

  stop(): void {
    this.#stopProgress?.();
  }
}

/** What the run will be able to see; a run that cannot tell asks none the less. */
async function sightBefore(
  definition: Definition,
  { headlines }: PreparedFacts,
  options: OptionValues,
  io: Io,
): Promise<string | undefined> {
  const { until } = definition.settings;
  if (until !== undefined)
    return `asks a task until ${until} holds for each of its effects, at most all of these samples (docs/sequential.md)`;
  const folder = await newestFinished(runsFolder(options, io), definition.benchmark);
  const earlier = folder === undefined ? undefined : await earlierRun(folder).catch(() => undefined);
  return sightLine(sightOf(definition, headlines, earlier));
}

function preparedText({ checkpoints, instruments, samples, gaps }: PreparedFacts): string {
  const left = gaps.length > 0 ? `, ${gaps.length} left out` : '';
  const counts = `${checkpoints} checkpoints · ${instruments} tasks${left} · ${samples.toLocaleString('en')} samples to ask`;
  return `preflight   every model answered and passed its probe · data checksums fine\nplan        ${counts}\n`;
}

function closing({ folder, asked, served, status }: RunResult, benchmark: string, io: Io): string {
  const shown = relative(io.cwd, folder) || folder;
  const program = programName(io);
  const spent = `${asked.toLocaleString('en')} requests asked, ${served.toLocaleString('en')} served without asking (the same request of another task, or an earlier answer of this run)`;
  const on =
    status.status === 'finished'
      ? status.reason === null
        ? ''
        : `${status.reason}\n`
      : `Stopped early (${status.reason}). Go on with   ${program} run ${benchmark}\n`;
  const own = catalogNames().includes(benchmark) ? `Your models   ${program} init > mine.yaml\n` : '';
  return `\n${on}${spent}\nLook closer   ${program} report ${shown} --open     what flipped: --flips\n${own}`;
}

function exitCode({ status }: RunResult, { cells }: Summary, tolerance: number): ExitCode {
  if (status.status === 'interrupted') return EXIT.interrupted;
  return cells.some(({ rates }) => rates.failed > tolerance) ? EXIT.failedSamples : EXIT.fine;
}
