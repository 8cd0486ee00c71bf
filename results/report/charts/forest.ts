import { gainSign } from '../../direction.ts';
import { sideOf, signed, unitName } from '../../format.ts';
import type { Effect, Summary, SummaryMetric } from '../../summary.ts';
import { intervalInWords } from '../interval-words.ts';
import { metricOf, shortNames } from '../names.ts';
import { clean, shorten } from '../text.ts';
import { hasDirection, headlineEffects, shownEffect, titleOf, WORDS } from '../view.ts';
import { COLOURS } from './colours.ts';
import type { Figure } from './figure.ts';
import { mainEffects } from './lineage.ts';
import { drawSpec, type Spec } from './render.ts';

type Unit = SummaryMetric['unit'];

interface Row {
  readonly group: string;
  readonly label: string;
  /** Towards better, in printed units; the interval likewise. */
  readonly gain: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly word: string;
  readonly text: string;
}

const ROW_HEIGHT = 22;
const GROUP_GAP = 12;
const PLOT_WIDTH = 420;
/** Room for the name of a group. */
const HEAD_WIDTH = 130;
/** About the width of one letter. */
const LETTER = 6.4;

/** The effects of the answer, and those of further tasks, one figure a unit: right of the line is better. */
export async function forestFigures(summary: Summary): Promise<Figure[]> {
  const answer = mainEffects(summary);
  const stages = headlineEffects(summary).filter(({ kind, main }) => kind === 'stage' && main);
  const further = stages.filter((effect) => !answer.includes(effect));
  return [
    ...(await forestsOf(summary, answer, 'effects', 'Change in every stage')),
    ...(await forestsOf(summary, further, 'effects-further', 'Further tasks: change in every stage')),
  ];
}

async function forestsOf(
  summary: Summary,
  effects: readonly Effect[],
  id: string,
  title: string,
): Promise<Figure[]> {
  const units = [...new Set(effects.map((effect) => unitOf(summary, effect)))];
  const figures: Figure[] = [];
  for (const unit of units) {
    const rows = effects.flatMap((effect) =>
      unitOf(summary, effect) === unit ? rowOf(summary, effect) : [],
    );
    if (rows.length === 0) continue;
    figures.push({
      id: unit === 'share' ? id : `${id}-${unit}`,
      title: `${title}, in ${unitName(unit)}, with ${intervalInWords(summary)}s`,
      description: rows.map(({ group, label, text }) => `${group}, ${label}: ${text}.`).join(' '),
      svg: await drawSpec(forestSpec(rows, unit)),
    });
  }
  return figures;
}

function unitOf(summary: Summary, { task, metric }: Effect): Unit {
  return metricOf(summary, task, metric).unit;
}

function rowOf(summary: Summary, effect: Effect): Row[] {
  const { delta, low, high, direction, verdict } = shownEffect(summary, effect);
  if (delta === null) return [];
  const unit = unitOf(summary, effect);
  const gain = gainSign(direction);
  const scale = gain * (unit === 'share' ? 100 : 1);
  const ends = low === null || high === null ? null : [low * scale, high * scale].sort((a, b) => a - b);
  const interval =
    low === null || high === null ? 'no interval' : `${signed(low, unit)} to ${signed(high, unit)}`;
  const word = WORDS[verdict];
  const side = hasDirection({ verdict }) ? null : sideOf(delta, unit, direction);
  const toward = side === null ? '' : ` toward ${side}`;
  return [
    {
      group: shorten(groupOf(summary, effect), 24),
      label: titleOf(effect).join(' '),
      gain: delta * scale,
      low: ends?.[0] ?? null,
      high: ends?.[1] ?? null,
      word,
      text: `${word}  ${signed(delta, unit)}${toward}  (${interval})`,
    },
  ];
}

/** Headline tasks go by the name of their dimension. */
function groupOf({ tasks }: Summary, { task, dimension }: Effect): string {
  const isPrimary = tasks.some((one) => one.task === task && one.primary);
  return clean(isPrimary ? dimension : (shortNames(tasks).get(task) ?? task));
}

interface PlacedRow extends Row {
  /** Middle of the row, in units of the drawing from its top. */
  readonly y: number;
  /** The group's name in its first row, empty in the others. */
  readonly head: string;
}

/** Rows of one group stand together; a gap divides the groups. */
function placeRows(rows: readonly Row[]): PlacedRow[] {
  const groups = [...new Set(rows.map(({ group }) => group))];
  let y = -ROW_HEIGHT / 2 - GROUP_GAP;
  return groups.flatMap((group) => {
    y += GROUP_GAP;
    return rows
      .filter((row) => row.group === group)
      .map((row, index) => {
        y += ROW_HEIGHT;
        return { ...row, y, head: index === 0 ? group : '' };
      });
  });
}

function forestSpec(rows: readonly Row[], unit: Unit): Spec {
  const placed = placeRows(rows);
  const height = (placed.at(-1)?.y ?? 0) + ROW_HEIGHT / 2 + GROUP_GAP / 2;
  const { good, bad, plain: grey, axis, ink, faint } = COLOURS;
  const domain = [WORDS.improved, WORDS.worsened, WORDS['no detectable change'], WORDS['not comparable']];
  const byWord = (range: readonly string[]) => ({
    field: 'word',
    type: 'nominal',
    scale: { domain, range },
    legend: null,
  });
  const color = byWord([good, bad, grey, grey]);
  const y = { field: 'y', type: 'quantitative', scale: null, axis: null };
  const x = {
    field: 'gain',
    type: 'quantitative',
    title: `worse  ←  change in ${unitName(unit)}  →  better`,
    scale: { nice: true, zero: true },
  };
  const words = (field: string, place: number, align: string, fill: string, fontWeight = 'normal') => ({
    mark: { type: 'text', align, baseline: 'middle', fill, fontWeight },
    encoding: { y, x: { value: place }, text: { field, type: 'nominal' } },
  });
  const labelWidth = Math.max(...placed.map(({ label }) => label.length)) * LETTER + 28;
  return {
    data: { values: placed },
    width: PLOT_WIDTH,
    height,
    layer: [
      {
        data: { values: [{}] },
        mark: { type: 'rule', stroke: axis },
        encoding: { x: { datum: 0, type: 'quantitative' } },
      },
      {
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: 62, opacity: 1 },
        encoding: { y, x, color, shape: byWord(['triangle-right', 'triangle-left', 'circle', 'cross']) },
      },
      words('head', -labelWidth - HEAD_WIDTH, 'left', ink, 'bold'),
      words('label', -14, 'right', faint),
      words('text', PLOT_WIDTH + 14, 'left', ink),
    ],
  } as unknown as Spec;
}
