import type { Manifest } from '../../benchmarks/journal/records.ts';
import { recordedDefinition } from '../../benchmarks/run/rescore.ts';
import { UserError } from '../../core/errors.ts';

/**
 * A correction measures what it corrects: what it leaves out would vanish from the tables, so that it must be named.
 *
 * @param drop checkpoints and instruments that are to go
 * @throws UserError (exit code 2) that names what would vanish.
 */
export function requireCorrection(old: Manifest, corrected: Manifest, drop: readonly string[]): void {
  const [before, after] = [namesOf(old), new Set(namesOf(corrected))];
  const strange = drop.filter((name) => !before.includes(name));
  if (strange.length > 0) {
    throw new UserError({
      field: '--drop',
      message: `${old.run} has no checkpoint or instrument ${strange.join(', ')}`,
      fix: `It has: ${before.join(', ')}.`,
    });
  }
  const gone = before.filter((name) => !after.has(name) && !drop.includes(name));
  if (gone.length === 0) return;
  throw new UserError({
    field: '--supersedes',
    message: `${corrected.run} is no correction of ${old.run}: it does not measure ${gone.join(', ')}, which would vanish from the tables`,
    fix: `Publish it beside the other, without --supersedes; or name what is to go: --drop ${gone.join(' ')}`,
  });
}

function namesOf(manifest: Manifest): string[] {
  const { checkpoints } = recordedDefinition(manifest, '');
  return [...checkpoints.map(({ id }) => id), ...Object.keys(manifest.tasks)];
}
