import { messageOf } from '../../core/errors.ts';
import type { Summary } from '../../results/summary.ts';
import type { Io } from '../io.ts';

/** Leaves the page in the folder of a run that has ended. The run stands without it: what goes wrong is only said. */
export async function pageBesideRun(folder: string, summary: Summary, io: Io): Promise<void> {
  try {
    const { writePage } = await import('./write-page.ts');
    await writePage(folder, summary);
  } catch (error) {
    io.err(
      `report.html could not be written: ${messageOf(error)}\nThe run itself is saved; \`aligntrust report --format html\` tries again.\n`,
    );
  }
}
