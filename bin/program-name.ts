import type { Io } from './io.ts';

/** How the program was called, so that a hint can be copied: `npx aligntrust` where npx started it. */
export function programName({ env }: Pick<Io, 'env'>): string {
  return env['npm_command'] === 'exec' ? 'npx aligntrust' : 'aligntrust';
}
