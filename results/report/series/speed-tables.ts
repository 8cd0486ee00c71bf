import { pValue } from '../../format.ts';
import type { Summary } from '../../summary.ts';
import { clean } from '../text.ts';
import type { NameOf } from '../view.ts';
import { MEASURES, readingInWords, relationInWords, rhoText, SPEEDS, speedName } from './learning-words.ts';
import { quantity } from './number-text.ts';
import { cell, figures, type StepTable, words } from './step-table.ts';

/** Rank relation of distinguishability and speed, then the behaviours behind each. */
export function speedTables(summary: Summary, nameOf: NameOf): StepTable[] {
  const relations = summary.dynamics?.relations ?? [];
  if (relations.length === 0) return [];
  const readings = readingInWords(summary, [...new Set(relations.map(({ series }) => series))]);
  return [
    {
      id: 'speed',
      title: 'Distinguishability against speed',
      caption: `Rank correlation over behaviours: is what the start tells apart better learned faster?`,
      first: 'series',
      columns: [
        words('task'),
        words('distinguishability by'),
        words('speed by'),
        figures('ρ'),
        figures('p, two-sided'),
        figures('n'),
        words('remark'),
      ],
      rows: relations.map((relation) => {
        const censored = relation.behaviours.filter((one) => one.censored).length;
        const remarks = [
          ...(relation.rho === null ? [relationInWords(relation)] : []),
          ...(censored === 0 ? [] : [`${censored} never crossed, tied at the slowest rank`]),
        ];
        return {
          label: nameOf(relation.series),
          cells: [
            cell(speedName(summary, relation)),
            cell(MEASURES[relation.measure]),
            cell(SPEEDS[relation.speed]),
            cell(relation.rho === null ? '–' : rhoText(relation.rho)),
            cell(relation.p === null ? '–' : pValue(relation.p)),
            cell(String(relation.n)),
            cell(remarks.join('; ')),
          ],
        };
      }),
      notes: readings,
    },
    ...relations.map(
      (relation, index): StepTable => ({
        id: `speed-${index + 1}`,
        title: `${nameOf(relation.series)}: ${MEASURES[relation.measure]} and ${SPEEDS[relation.speed]}, ${speedName(summary, relation)}`,
        caption: `${relationInWords(relation)}. Most distinguishable first.`,
        first: 'behaviour',
        columns: [figures(MEASURES[relation.measure]), figures(SPEEDS[relation.speed]), words('crossed')],
        rows: [...relation.behaviours]
          .sort(
            (one, other) => (other.distinguishability ?? -Infinity) - (one.distinguishability ?? -Infinity),
          )
          .map(({ behaviour, distinguishability, speed, censored }) => ({
            label: clean(behaviour),
            cells: [
              cell(quantity(distinguishability)),
              cell(quantity(speed)),
              cell(censored ? 'never' : relation.speed === 'first-crossing' ? 'yes' : '–'),
            ],
          })),
        notes: [],
      }),
    ),
  ];
}
