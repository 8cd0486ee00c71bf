/** Everything a command may touch of the outside world, so that tests can run it in their own. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether `err` is a terminal that can show a progress line. */
  readonly interactive: boolean;
  /** Width of `out` in columns. */
  readonly columns: number;
  readonly colour: boolean;
  /** Calls back at every Ctrl+C or TERM; returns a function that stops listening. */
  readonly onInterrupt: (callback: () => void) => () => void;
}

/** Where the output is no terminal: a table of six dimensions and three stages fits, and so does a page of a pager. */
const FALLBACK_COLUMNS = 100;
/** Narrower than this nothing can be drawn. */
const LEAST_COLUMNS = 40;

export function processIo(): Io {
  const { stdout, stderr, env } = process;
  const colour = stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    env,
    cwd: process.cwd(),
    interactive: stderr.isTTY === true && env['TERM'] !== 'dumb',
    columns: stdout.columns ?? columnsOf(env['COLUMNS']),
    colour,
    onInterrupt: (callback) => {
      process.on('SIGINT', callback);
      process.on('SIGTERM', callback);
      return () => {
        process.off('SIGINT', callback);
        process.off('SIGTERM', callback);
      };
    },
  };
}

function columnsOf(text: string | undefined): number {
  const columns = Number(text);
  return Number.isInteger(columns) && columns >= LEAST_COLUMNS ? columns : FALLBACK_COLUMNS;
}
