import { Command, CommanderError } from 'commander';
import { EXIT, type ExitCode, messageOf, UserError } from '../core/errors.ts';
import { packageVersion } from '../core/package-root.ts';
import type { CommandSpec, OptionValues } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { Io } from './io.ts';

const EXIT_CODES = `
Exit codes: 0 fine · 1 finished, but more samples failed than the tolerance allows · 2 arguments, definition or
lineage wrong · 3 a file, a server or a model refused · 4 a gate is violated, or a
published number differs · 5 a gate is undecided · 130 interrupted and saved

aligntrust run tiny     runs the embedded zoo of tiny checkpoints: the quickest way to see what you get
aligntrust init         writes a benchmark for your own checkpoints
`;

/** Runs the command line and returns the exit code; never throws and never ends the process. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.fine;
  const program = newProgram(io);
  for (const spec of COMMANDS)
    addCommand(program, spec, io, (code) => {
      exitCode = code;
    });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.fine;
    const json = argv.includes('--json');
    if (!(error instanceof CommanderError)) return report(error, json, argv[0], io);
    // Its words are on the error stream already.
    if (json) printProblems({ exitCode: EXIT.usage, problems: [{ message: wordsOf(error) }] }, io);
    return EXIT.usage;
  }
}

function newProgram(io: Io): Command {
  return new Command('aligntrust')
    .description('Which alignment method moved which kind of trust, on your own checkpoints.')
    .version(packageVersion())
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride();
}

function addCommand(program: Command, spec: CommandSpec, io: Io, finished: (code: ExitCode) => void): void {
  const command = program
    .command(`${spec.name} ${spec.usage}`.trim())
    .summary(spec.summary)
    .description(spec.summary);
  for (const [flags, description] of spec.options) command.option(flags, description);
  command.option('--json', 'print JSON', false).option('--quiet', 'print results and errors only', false);
  command.addHelpText('after', `\nExamples:\n${spec.examples.map((example) => `  ${example}`).join('\n')}\n`);
  command.action(async (...received: unknown[]) => {
    const args = received
      .slice(0, -2)
      .flat()
      .filter((arg) => typeof arg === 'string');
    const action = await spec.load();
    finished(await action(args, command.opts<OptionValues>(), io));
  });
}

function report(error: unknown, json: boolean, command: string | undefined, io: Io): ExitCode {
  if (!UserError.is(error)) {
    const stack =
      typeof error === 'object' && error !== null && 'stack' in error
        ? String(error.stack)
        : messageOf(error);
    io.err(`aligntrust broke; this is a mistake of the program, please report it:\n${stack}\n`);
    return EXIT.environment;
  }
  if (json) printProblems(error, io);
  else io.err(`${error.message}\n${closing(error, command)}`);
  return error.exitCode;
}

function printProblems({ exitCode, problems }: Pick<UserError, 'exitCode' | 'problems'>, io: Io): void {
  io.out(`${JSON.stringify({ error: { exitCode, problems } }, undefined, 2)}\n`);
}

/** How many problems there were; a run says as well that no model was asked for them. */
function closing({ problems }: UserError, command: string | undefined): string {
  if (problems.length < 2) return '';
  return `${problems.length} problems${command === 'run' ? ', nothing was asked' : ''}.\n`;
}

function wordsOf({ message }: CommanderError): string {
  return message.replace(/^error: /, '').trim();
}
