/**
 * The exit codes of every command.
 *
 * 0 fine · 1 finished, but more samples failed than the tolerance allows · 2 the arguments, the definition or
 * the lineage are wrong, which the files alone show · 3 something needed a data file, a server or a model to be
 * found out · 4 a rule of `gate` is violated, or `verify` finds a number that differs · 5 a rule of `gate` is undecided ·
 * 130 interrupted and saved.
 */
export const EXIT = {
  fine: 0,
  failedSamples: 1,
  usage: 2,
  environment: 3,
  violated: 4,
  undecided: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One thing that is wrong, in words that say where it is, what it is and how to mend it. */
export interface Problem {
  /** File and position, for example `mine.yaml:14:9`; absent for arguments. */
  readonly where?: string;
  /** The field, for example `checkpoints[2].alignment.parent`. */
  readonly field?: string;
  readonly message: string;
  /** What the user can do about it. */
  readonly fix?: string;
}

const USER_ERROR = Symbol.for('aligntrust.UserError');

/** Something the user can mend. The CLI prints its problems without a stack trace and exits with its code. */
export class UserError extends Error {
  readonly [USER_ERROR] = true;
  readonly problems: readonly Problem[];
  readonly exitCode: ExitCode;

  constructor(
    problems: string | Problem | readonly Problem[],
    exitCode: ExitCode = EXIT.usage,
    cause?: unknown,
  ) {
    const list = typeof problems === 'string' ? [{ message: problems }] : [problems].flat();
    super(list.map(formatProblem).join('\n'), cause === undefined ? {} : { cause });
    this.name = 'UserError';
    this.problems = list;
    this.exitCode = exitCode;
  }

  /** Works across duplicate packages and realms, where `instanceof` does not. */
  static is(error: unknown): error is UserError {
    return hasMarker(error, USER_ERROR);
  }
}

/** Whether asking again can help: never, after a pause, or when the server's rate limit allows it. */
export type RetryAdvice = 'never' | 'transient' | 'rate-limit';

export interface AdapterErrorOptions {
  readonly retry: RetryAdvice;
  /** How long the server asked us to wait. */
  readonly retryAfterMs?: number;
  /** The HTTP status, where there was one. */
  readonly status?: number;
  /** A short stable word for the cause, for example `timeout`, `crashed`, `context-length`. */
  readonly code?: string;
  readonly cause?: unknown;
}

const ADAPTER_ERROR = Symbol.for('aligntrust.AdapterError');

/** A request that a model did not answer. Adapters throw nothing else (abort signals apart). */
export class AdapterError extends Error {
  readonly [ADAPTER_ERROR] = true;
  readonly retry: RetryAdvice;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly code: string | undefined;

  constructor(message: string, options: AdapterErrorOptions) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'AdapterError';
    this.retry = options.retry;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
    this.code = options.code;
  }

  static is(error: unknown): error is AdapterError {
    return hasMarker(error, ADAPTER_ERROR);
  }
}

/** The message of anything that was thrown; `fs` errors are not `instanceof Error` in every realm. */
export function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}

/** The `code` of a system error such as `ENOENT`, or undefined. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  return undefined;
}

function formatProblem({ where, field, message, fix }: Problem): string {
  const place = [where, field].filter((part) => part !== undefined).join('  ');
  return `${place === '' ? '' : `${place}: `}${message}${fix === undefined ? '' : `\n   ${fix}`}`;
}

function hasMarker(error: unknown, marker: symbol): boolean {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[marker] === true;
}
