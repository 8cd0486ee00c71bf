import { EXIT, type ExitCode } from '../../core/errors.ts';
import { gate as check, type GateVerdict, overall } from '../../results/gate/gate.ts';
import { gateLines } from '../../results/gate/render.ts';
import { gateReport } from '../../results/gate/report.ts';
import { readRules } from '../../results/gate/rules.ts';
import { type CommandAction, type OptionValues, textOption } from '../command.ts';
import { loadRecordedExtensions } from '../recorded-extensions.ts';
import { chooseRun } from '../run-choice.ts';
import { summariseRun } from '../summarise-run.ts';

const CODES: Readonly<Record<GateVerdict, ExitCode>> = {
  shown: EXIT.fine,
  violated: EXIT.violated,
  undecided: EXIT.undecided,
};

export const gate: CommandAction = async ([named], options, io) => {
  const folder = await chooseRun(named, options, io);
  await loadRecordedExtensions(folder, options, io);
  const summary = await summariseRun(folder);
  const rules = readRules(rulesOption(options), summary);
  const results = check(summary, rules, {
    to: textOption(options, 'for'),
    from: textOption(options, 'against'),
  });
  const exitCode = CODES[overall(results)];
  if (options.json) io.out(`${JSON.stringify(gateReport(summary, results, exitCode), undefined, 2)}\n`);
  else io.out(gateLines(results));
  return exitCode;
};

/** The parser of the command line takes `--no-worse` for the negation of `--worse`: true where it was not given. */
function rulesOption(options: OptionValues): string[] {
  const value = options['worse'];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
