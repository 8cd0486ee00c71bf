import { plain } from '../../format.ts';
import type { Series, SeriesFront } from '../../series/series-summary.ts';
import type { Summary } from '../../summary.ts';
import { metricOf, taskOf } from '../names.ts';
import type { NameOf } from '../view.ts';
import { cell, figures, NOTHING, type StepTable } from './step-table.ts';
import { curveName } from './words.ts';

/** What stands across a group of fronts: helpfulness, or reward. */
export interface FrontGroup {
  readonly against: SeriesFront['against'];
  readonly name: string;
  readonly fronts: readonly SeriesFront[];
}

export function frontGroups(summary: Summary, { fronts }: Series): FrontGroup[] {
  const groups = new Map<string, SeriesFront[]>();
  for (const front of fronts.filter(({ points }) => points.length > 1)) {
    const key = JSON.stringify([front.against.task, front.against.metric]);
    groups.set(key, [...(groups.get(key) ?? []), front]);
  }
  return [...groups.values()].flatMap((own) =>
    own[0] === undefined
      ? []
      : [{ against: own[0].against, name: namedMetric(summary, own[0].against), fronts: own }],
  );
}

/** The task, and its metric where that is not its headline. */
export function namedMetric(
  summary: Summary,
  of: { readonly task: string; readonly metric: string },
): string {
  const task = taskOf(summary, of.task);
  const name = curveName(summary, task);
  // Names of learning hold their metric already.
  return of.metric === task.headline ? name : `${name}, ${of.metric}`;
}

/** Where every step lies between helpfulness and each dimension. */
export function frontTables(summary: Summary, series: Series, nameOf: NameOf, id: string): StepTable[] {
  return frontGroups(summary, series).map(({ against, name, fronts }, index) => {
    const { unit } = metricOf(summary, against.task, against.metric);
    return {
      id: `${id}-front-${index + 1}`,
      title: `${nameOf(series.name)}: ${name} against each dimension`,
      caption: `Values at each step. *: efficient, no other step is at least as good in both and better in one. No uncertainty is counted here: close steps may change places.`,
      first: 'step',
      columns: [figures(name), ...fronts.map((front) => figures(namedMetric(summary, front)))],
      rows: series.points.flatMap(({ step, checkpoint }) => {
        const own = fronts.map((front) => front.points.find((point) => point.step === step));
        const any = own.find((point) => point !== undefined);
        if (any === undefined) return [];
        return [
          {
            label: `${step} ${nameOf(checkpoint)}`,
            step,
            cells: [
              cell(plain(any.x, unit)),
              ...own.map((point, place) => {
                const front = fronts[place];
                if (point === undefined || front === undefined) return NOTHING;
                const metric = metricOf(summary, front.task, front.metric);
                return cell(
                  `${plain(point.y, metric.unit)}${point.efficient ? '*' : ''}`,
                  '',
                  point.efficient,
                );
              }),
            ],
          },
        ];
      }),
      notes: [],
    };
  });
}
