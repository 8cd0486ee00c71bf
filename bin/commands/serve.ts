import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf, EXIT, UserError } from '../../core/errors.ts';
import { type CommandAction, type OptionValues, textOption } from '../command.ts';
import type { Io } from '../io.ts';
import { openPage } from '../page/open-page.ts';
import { loadRecordedExtensions } from '../recorded-extensions.ts';
import { runsFolder } from '../run-choice.ts';
import { startServer } from '../serve/server.ts';
import { summariseRun } from '../summarise-run.ts';

const DEFAULT_PORT = 4242;

/** Shows the runs of a folder in a browser of this machine until Ctrl+C. */
export const serve: CommandAction = async ([named], options, io) => {
  const runs = named === undefined ? runsFolder(options, io) : resolve(io.cwd, named);
  await checkFolder(runs);
  const server = await listening(runs, portOption(options), options, io);
  const stopped = new Promise<void>((finish) => {
    io.onInterrupt(finish);
  });
  io.out(options.json ? `${JSON.stringify({ url: server.url })}\n` : `${server.url}\n`);
  if (!options.quiet) io.err('For this machine alone; Ctrl+C ends it.\n');
  if (options['open'] === true && !(await openPage(server.url, io.env)))
    io.err('There is no browser to open here.\n');
  await stopped;
  await server.close();
  return EXIT.fine;
};

async function listening(runs: string, port: number, options: OptionValues, io: Io) {
  const summaryOf = async (folder: string) => {
    await loadRecordedExtensions(folder, options, io);
    return summariseRun(folder);
  };
  try {
    return await startServer({ runs, port, summaryOf });
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE' && codeOf(error) !== 'EACCES') throw error;
    throw new UserError(
      {
        field: '--port',
        message: `port ${port} of 127.0.0.1 cannot be had: ${codeOf(error) === 'EACCES' ? 'not allowed' : 'in use'}`,
        fix: 'Name another one, or --port 0 for one that is free.',
      },
      EXIT.environment,
      error,
    );
  }
}

async function checkFolder(runs: string): Promise<void> {
  const facts = await stat(runs).catch(() => undefined);
  if (facts?.isDirectory() === true) return;
  const message = facts === undefined ? 'there is no such folder' : 'is not a folder';
  throw new UserError({ where: runs, message, fix: 'aligntrust serve runs' }, EXIT.environment);
}

function portOption(options: OptionValues): number {
  const text = textOption(options, 'port');
  if (text === undefined) return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UserError({
    field: '--port',
    message: `"${text}" is not a port: a whole number from 0 to 65535`,
  });
}
