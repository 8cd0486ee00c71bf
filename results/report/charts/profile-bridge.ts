import { intervalAfter, signed } from '../../format.ts';
import type { Bridge, BridgeDelta, BridgeLineage } from '../../profile/profile-summary.ts';
import type { Summary } from '../../summary.ts';
import { metricOf, shortNames, taskOf } from '../names.ts';
import { changed } from '../profile/numbers.ts';
import { isPull } from '../profile/shifts-view.ts';
import { clean, shorten } from '../text.ts';
import { idOf, WORDS } from '../view.ts';
import { COLOURS, FONT } from './colours.ts';
import { escaped, type Figure } from './figure.ts';
import { drawIntervals, type PlotRow } from './interval-plot.ts';

const MOST_FACTORS = 6;
const MOST_STAGES = 12;
const LONGEST_LABEL = 28;
const HEADING = 26;
const BETWEEN = 24;

interface Step {
  readonly heading: string;
  readonly factors: readonly PlotRow[];
  readonly trust: readonly PlotRow[];
}

/**
 * What each training moved in the pull of factors, and beside it what it moved in trust: two scales that nothing joins.
 * Metrics of trust that are no shares have no common scale and stand in the table alone.
 */
export function bridgeFigure(summary: Summary): Figure | null {
  const bridge = summary.profile?.bridge;
  if (bridge === undefined) return null;
  const chosen = drawnFactors(summary, bridge);
  const steps = bridge.lineages
    .map((lineage) => stepOf(summary, lineage, chosen))
    .filter(({ factors, trust }) => factors.length > 0 && trust.length > 0)
    .slice(0, MOST_STAGES);
  if (steps.length === 0) return null;
  const factorRows = steps.flatMap(({ factors }) => factors);
  const trustRows = steps.flatMap(({ trust }) => trust);
  let y = 0;
  let widest = 0;
  const parts = steps.map(({ heading, factors, trust }) => {
    const left = drawIntervals({
      id: '',
      title: '',
      ends: ['lowered', 'raised'],
      rows: factors,
      along: factorRows,
    });
    const right = drawIntervals({
      id: '',
      title: '',
      ends: ['lower', 'higher'],
      rows: trust,
      along: trustRows,
    });
    const [a, b] = [sizeOf(left.svg), sizeOf(right.svg)];
    const head = `<text x="0" y="${y + 14}" font-weight="bold" fill="${COLOURS.ink}">${escaped(heading)}</text>`;
    const drawn = [placed(left.svg, 0, y + HEADING), placed(right.svg, a.width + BETWEEN, y + HEADING)];
    y += HEADING + Math.max(a.height, b.height) + BETWEEN;
    widest = Math.max(widest, a.width + BETWEEN + b.width, heading.length * 8);
    return head + drawn.join('');
  });
  return {
    id: 'profile-bridge',
    title:
      'Factors beside trust, stage by stage: Δτ14 left, points of 100 of the trust metric right, 95 % intervals; an association at most',
    description: steps.map(described).join(' '),
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${widest}" height="${y}" viewBox="0 0 ${widest} ${y}" font-family="${FONT}" font-size="12">${parts.join('')}</svg>`,
  };
}

/** The factors that moved most in any stage, those that moved after correction first. */
function drawnFactors(summary: Summary, { lineages }: Bridge): ReadonlySet<string> {
  const reach = new Map<string, number>();
  for (const delta of lineages.flatMap(({ factors }) => factors)) {
    if (delta.delta === null || delta.delta === 0 || !isPull(taskOf(summary, delta.task))) continue;
    // No difference of two scores is above 2.
    const size = Math.abs(delta.delta) + (hasMoved(delta) ? 10 : 0);
    reach.set(keyOf(delta), Math.max(size, reach.get(keyOf(delta)) ?? 0));
  }
  const keys = [...reach].sort(([, one], [, other]) => other - one).slice(0, MOST_FACTORS);
  return new Set(keys.map(([key]) => key));
}

function stepOf(summary: Summary, lineage: BridgeLineage, chosen: ReadonlySet<string>): Step {
  const { from, to, method, factors, trust, coupled } = lineage;
  const names = shortNames(summary.tasks);
  const labels = new Map(summary.profile?.factors.map(({ key, label }) => [key, label]));
  return {
    heading: `${idOf(from)} → ${idOf(to)}, ${clean(method)}${coupled.length === 0 ? '' : ' (in part mechanically coupled: read from the same answers)'}`,
    factors: factors.flatMap((delta): PlotRow[] => {
      if (!chosen.has(keyOf(delta))) return [];
      const text = [WORDS[delta.verdict], ...changed(delta, 1)].filter((part) => part !== '').join(' ');
      const label = clean(names.get(delta.task) ?? delta.task);
      return rowOf(delta, labels.get(delta.metric) ?? delta.metric, label, text, 1);
    }),
    trust: trust.flatMap((delta): PlotRow[] => {
      const { unit } = metricOf(summary, delta.task, delta.metric);
      if (unit !== 'share' || delta.delta === null) return [];
      const text = `${WORDS[delta.verdict]} ${signed(delta.delta, unit)}${intervalAfter(delta.delta, delta.low, delta.high, unit)}`;
      return rowOf(delta, delta.dimension, '', text, 100);
    }),
  };
}

function rowOf(delta: BridgeDelta, group: string, label: string, text: string, scale: number): PlotRow[] {
  if (delta.delta === null) return [];
  return [
    {
      group: shorten(clean(group), LONGEST_LABEL),
      label: shorten(label, LONGEST_LABEL),
      value: delta.delta * scale,
      low: delta.low === null ? null : delta.low * scale,
      high: delta.high === null ? null : delta.high * scale,
      isMarked: hasMoved(delta),
      text,
    },
  ];
}

const MOVED: ReadonlySet<string> = new Set(['raised', 'lowered', 'improved', 'worsened']);

function hasMoved({ verdict }: BridgeDelta): boolean {
  return MOVED.has(verdict);
}

function keyOf({ task, metric }: BridgeDelta): string {
  return JSON.stringify([task, metric]);
}

function described({ heading, factors, trust }: Step): string {
  const named = (rows: readonly PlotRow[]): string =>
    rows
      .map(({ group, label, text }) => `${[group, label].filter((part) => part !== '').join(', ')}: ${text}`)
      .join('; ');
  return `${heading}: ${named(factors)}; beside ${named(trust)}.`;
}

function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

/** The drawing as a part of another: a nested `<svg>` would be an image of its own that nobody named. */
function placed(svg: string, x: number, y: number): string {
  const [, before = '0'] = /^<svg[^>]* viewBox="(-?[\d.]+) /.exec(svg) ?? [];
  const inside = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'));
  return `<g transform="translate(${x - Number(before)},${y})">${inside}</g>`;
}
