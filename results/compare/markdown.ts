import { escaped, table } from '../report/markdown.ts';
import type { RunComparison } from './comparison.ts';
import { effectGrid, type Grid, notJoinedLines, runLine, valueGrid } from './grids.ts';
import { againGrid, stageGrid } from './stage-grids.ts';

/** Several runs in one table, as GitHub-flavoured Markdown. */
export function renderComparisonMarkdown(comparison: RunComparison): string {
  const effects = effectGrid(comparison);
  const stages = [stageGrid(comparison), againGrid(comparison)].filter((grid) => grid !== null);
  const notJoined = notJoinedLines(comparison);
  const parts = [
    `# Comparison of ${comparison.runs.length} runs`,
    comparison.runs.map((run) => `- ${escaped(runLine(run))}`).join('\n'),
    ...gridParts(valueGrid(comparison)),
    ...stages.flatMap(gridParts),
    ...(effects === null
      ? ['No two checkpoints of different runs could be paired on the same samples.']
      : gridParts(effects)),
    ...(notJoined.length === 0
      ? []
      : ['## Not joined', notJoined.map((line) => `- ${escaped(line)}`).join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function gridParts({ title, caption, corner, columns, rows, notes }: Grid): string[] {
  const stacked = (lines: readonly string[]): string => lines.map(escaped).join('<br>');
  const drawn = table(
    [escaped(corner), ...columns.map(stacked)],
    rows.map(({ name, cells }) => [
      stacked(name),
      ...cells.map(({ lines: [first = '', ...more], tone }) =>
        [tone === 'plain' ? escaped(first) : `**${escaped(first)}**`, ...more.map(escaped)].join('<br>'),
      ),
    ]),
  );
  return [
    `## ${escaped(title)}`,
    escaped(caption),
    ...(columns.length === 0 ? [] : [drawn]),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${escaped(note)}`).join('\n')]),
  ];
}
