import { intervalAfter, pValue, signed } from '../../format.ts';
import type { BridgeCorrelation, BridgeDelta, BridgeLineage } from '../../profile/profile-summary.ts';
import type { Summary } from '../../summary.ts';
import { metricOf, shortNames, taskOf } from '../names.ts';
import { clean } from '../text.ts';
import { type NameOf, WORDS } from '../view.ts';
import { changed, scored } from './numbers.ts';
import { figures, type PlainTable, words } from './plain-table.ts';
import { isPull } from './shifts-view.ts';

const COUPLED = 'mechanically coupled';

/** Factors beside trust, stage by stage: what moved together, and no word of what caused what. */
export function bridgeTables(summary: Summary, nameOf: NameOf): PlainTable[] {
  const bridge = summary.profile?.bridge;
  if (bridge === undefined || bridge.lineages.length === 0) return [];
  return [
    {
      title: 'Factors and trust, stage by stage: an association at most',
      caption: `What one training moved in factors (their pull, or how much of them the answers have), beside what it moved in trust. Both may follow from the training and neither from the other. Coupled: whether factors and trust were read from the same answers. Where they were ("${COUPLED}"), one number moves with the other by the way they are computed, and the two say nothing of each other; where they were not, a common move is an association still.`,
      columns: [words('stage'), words('factors that moved'), words('trust'), words('coupled')],
      rows: bridge.lineages.map((lineage) => lineageRow(summary, lineage, nameOf)),
      notes: bridge.reason === null ? [] : [`No correlation: ${clean(bridge.reason)}.`],
    },
    ...correlationTable(summary, bridge.correlations),
  ];
}

function lineageRow(summary: Summary, lineage: BridgeLineage, nameOf: NameOf): (string | string[])[] {
  const { from, to, method, factors, trust, coupled } = lineage;
  const moved = factors.filter(({ verdict }) => verdict === 'raised' || verdict === 'lowered');
  const names = shortNames(summary.tasks);
  const named = (task: string): string => clean(names.get(task) ?? task);
  return [
    [`${nameOf(from)} → ${nameOf(to)}`, clean(method)],
    moved.length === 0 ? 'no factor' : moved.map((delta) => factorText(summary, delta, named(delta.task))),
    trust.map((delta) => trustText(summary, delta)),
    coupled.length === 0
      ? 'no: no answer in common'
      : coupled.map(
          ({ factorTask, trustTask }) => `${named(factorTask)} and ${named(trustTask)}: ${COUPLED}`,
        ),
  ];
}

function factorText(summary: Summary, delta: BridgeDelta, task: string): string {
  const isLevels = !isPull(taskOf(summary, delta.task));
  const label = summary.profile?.factors.find(({ key }) => key === delta.metric)?.label ?? delta.metric;
  const number = changed(delta, isLevels ? 2 : 1).filter((part) => part !== '');
  return `${clean(label)} ${WORDS[delta.verdict]} ${number.join(' ')} (${task})`;
}

function trustText(
  summary: Summary,
  { dimension, task, metric, delta, low, high, verdict }: BridgeDelta,
): string {
  const { unit } = metricOf(summary, task, metric);
  return `${clean(dimension)} ${WORDS[verdict]}${delta === null ? '' : ` ${signed(delta, unit)}${intervalAfter(delta, low, high, unit)}`}`;
}

function correlationTable(summary: Summary, correlations: readonly BridgeCorrelation[]): PlainTable[] {
  if (correlations.length === 0) return [];
  const names = shortNames(summary.tasks);
  return [
    {
      title: 'Over base families: factors and trust',
      caption:
        'Kendall’s τ_b of the two changes, one point a base family. Descriptive: each p is uncorrected for the many that are looked at.',
      columns: [
        words('stage'),
        words('factor'),
        words('trust'),
        figures('families'),
        figures('τ_b'),
        figures('p (descriptive)'),
        words('coupled'),
      ],
      rows: correlations.map((one) => [
        clean(one.methods),
        `${clean(one.factor)} (${clean(names.get(one.factorTask) ?? one.factorTask)})`,
        clean(names.get(one.trustTask) ?? one.trustTask),
        String(one.families),
        scored(one.tauB, null, null)[0],
        one.p === null ? '–' : pValue(one.p),
        one.coupled ? COUPLED : 'no',
      ]),
      notes: [],
    },
  ];
}
