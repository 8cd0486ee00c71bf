import {
  columnsThatFit,
  floatingTable,
  inGroups,
  LONGEST_NAME,
  PREAMBLE,
  standalone,
} from '../report/latex-table.ts';
import { tex, texName, texNumber } from '../report/latex-text.ts';
import { shorten } from '../report/text.ts';
import type { RunComparison } from './comparison.ts';
import { effectGrid, type Grid, notJoinedLines, runLine, valueGrid } from './grids.ts';
import { againGrid, stageGrid } from './stage-grids.ts';

const MOST_COLUMNS = 4;

/** Several runs in one table, by the rules of booktabs; to be read by `\input`. */
export function renderComparisonLatex(comparison: RunComparison): string {
  const effects = effectGrid(comparison);
  const runs = comparison.runs.map((run) => `${tex(runLine(run))}.`).join(' ');
  const stages = stageGrid(comparison);
  const again = againGrid(comparison);
  const notJoined = notJoinedLines(comparison);
  return [
    `${PREAMBLE}\n`,
    ...tablesOf(valueGrid(comparison), 'tab:aligntrust-compare-values', runs),
    ...(stages === null ? [] : tablesOf(stages, 'tab:aligntrust-compare-stages', runs)),
    ...(again === null ? [] : tablesOf(again, 'tab:aligntrust-compare-again', runs)),
    ...(effects === null ? [] : tablesOf(effects, 'tab:aligntrust-compare-effects', runs)),
    ...(notJoined.length === 0
      ? []
      : [`\\noindent Not joined: ${notJoined.map((line) => tex(line)).join('; ')}.\n`]),
  ].join('\n');
}

export function comparisonDocument(file: string): string {
  return standalone('Comparison of runs', file);
}

function tablesOf(
  { title, caption, corner, columns, rows, notes }: Grid,
  label: string,
  runs: string,
): string[] {
  if (columns.length === 0) return notes.map((note) => `\\noindent ${tex(note)}\n`);
  const places = inGroups([...columns.keys()], columnsThatFit(columns.flat(), MOST_COLUMNS));
  return places.map((group, part) => {
    const height = Math.max(...group.map((index) => columns[index]?.length ?? 0));
    return floatingTable({
      label: places.length === 1 ? label : `${label}-${part + 1}`,
      caption: `${tex(title)}${places.length === 1 ? '' : ` (part ${part + 1} of ${places.length})`}: ${tex(caption)}. Runs: ${runs}`,
      columns: `l${'r'.repeat(group.length)}`,
      head: Array.from({ length: height }, (_, line) => [
        line === 0 ? tex(corner) : '',
        ...group.map((index) => texName(columns[index]?.[line] ?? '')),
      ]),
      rows: rows.map(({ name, cells }) => [
        name.map((line, index) =>
          index === 0 ? texName(shorten(line, LONGEST_NAME)) : small(texName(shorten(line, LONGEST_NAME))),
        ),
        ...group.map((index) => {
          const { lines, tone } = cells[index] ?? { lines: ['–'], tone: 'plain' };
          return lines.map((line, at) =>
            at > 0 ? small(numbersOf(line)) : tone === 'plain' ? numbersOf(line) : `\\textbf{${tex(line)}}`,
          );
        }),
      ]),
      notes: notes.map((note) => tex(note)),
    });
  });
}

function numbersOf(text: string): string {
  return text.split(' ').map(texNumber).join(' ');
}

function small(text: string): string {
  return `{\\footnotesize ${text}}`;
}
