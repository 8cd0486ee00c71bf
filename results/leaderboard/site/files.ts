import type { Summary } from '../../summary.ts';
import { type HubMap, hubExports } from '../exports/hub.ts';
import { boardCsv, boardLatex, boardMarkdown } from '../exports/tables.ts';
import type { Leaderboard } from '../leaderboard.ts';
import { safeName } from '../safe-name.ts';
import { checkpointPage } from './checkpoint-page.ts';
import { indexPage, methodsOf } from './index-page.ts';
import { methodPage } from './method-page.ts';
import { runPage } from './run-page.ts';

export interface SiteFiles {
  /** Text by path below the site, leaderboard.json among them. */
  readonly files: ReadonlyMap<string, string>;
  /** Instruments without a dataset on the Hub. */
  readonly unmapped: readonly string[];
}

/** Every file of a site that its board and the summaries of its current runs determine. */
export function siteFiles(
  board: Leaderboard,
  summaries: ReadonlyMap<string, Summary>,
  hub: HubMap,
  url: string | null,
): SiteFiles {
  const { files: exported, unmapped } = hubExports(board, hub, url);
  const methods = [...new Set([...methodsOf(board), ...board.rows.map(({ method }) => method)])];
  const files = new Map<string, string>([
    ['index.html', indexPage(board)],
    ['leaderboard.json', `${JSON.stringify(board, undefined, 2)}\n`],
    ['leaderboard.csv', boardCsv(board)],
    ['leaderboard.md', boardMarkdown(board)],
    ['leaderboard.tex', boardLatex(board)],
    ...board.rows.map((row): [string, string] => [
      `checkpoints/${row.file}.html`,
      checkpointPage(board, row, summaries),
    ]),
    ...methods.map((method): [string, string] => [
      `methods/${safeName(method)}.html`,
      methodPage(board, method),
    ]),
    ...board.publications.map((run): [string, string] => [`runs-${run.id}.html`, runPage(board, run)]),
    ...Object.entries(exported),
  ]);
  return { files, unmapped };
}
