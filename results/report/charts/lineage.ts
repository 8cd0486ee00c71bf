import type { Effect, Summary, SummaryCheckpoint } from '../../summary.ts';
import { clean, shorten } from '../text.ts';
import { changeOf, hasDirection, headlineEffects, idOf, shownEffect, WORDS } from '../view.ts';
import { COLOURS, FONT } from './colours.ts';
import { escaped, type Figure } from './figure.ts';

interface Placed {
  readonly checkpoint: SummaryCheckpoint;
  readonly depth: number;
  readonly top: number;
  readonly height: number;
  readonly moved: readonly Effect[];
}

const BOX = { width: 150, height: 46 } as const;
/** Room for what an edge says. */
const EDGE = 250;
const LINE = 18;
const GAP = 18;
const MOST_LINES = 8;

/** Ids of the checkpoints that stand in the overview, in the order of the definition. */
export function mainCheckpoints(summary: Summary): string[] {
  const stages = mainStages(summary);
  const named = new Set(stages.flatMap(({ from, to }) => [from, to]));
  return summary.checkpoints.flatMap(({ id }) => (named.has(id) ? [id] : []));
}

/** The effects of the answer: main stages, under the headline task of each dimension. */
export function mainEffects(summary: Summary): Effect[] {
  const primaries = new Set(summary.tasks.flatMap(({ task, primary }) => (primary ? [task] : [])));
  return headlineEffects(summary).filter(
    ({ kind, main, task }) => kind === 'stage' && main && primaries.has(task),
  );
}

/** Every main stage once. */
export function mainStages(summary: Summary): { from: string; to: string }[] {
  const stages = mainEffects(summary);
  const keys = new Map(stages.map(({ from, to }) => [JSON.stringify([from, to]), { from, to }]));
  return [...keys.values()];
}

/** Who was tuned from whom, and on each edge what moved; null where no checkpoint has a parent. */
export function lineageFigure(summary: Summary): Figure | null {
  const ids = mainCheckpoints(summary);
  if (ids.length === 0) return null;
  const placed = place(summary, ids);
  const width = Math.max(...placed.map(({ depth }) => leftOf(depth) + BOX.width)) + 2;
  const height = Math.max(...placed.map(({ top, height: tall }) => top + tall));
  const byId = new Map(placed.map((each) => [each.checkpoint.id, each]));
  const body = placed.map((each) => {
    const parent = byId.get(each.checkpoint.parent ?? '');
    return (parent === undefined ? '' : drawEdge(summary, parent, each)) + drawBox(summary, each);
  });
  return {
    id: 'lineage',
    title: 'Lineage, with what moved in each stage',
    description: placed.map((each) => describe(summary, each)).join(' '),
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="13">${body.join('')}</svg>`,
  };
}

function place(summary: Summary, ids: readonly string[]): Placed[] {
  const known = new Map(summary.checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]));
  const parentOf = (id: string): string | null => {
    const parent = known.get(id)?.parent ?? null;
    return parent !== null && ids.includes(parent) ? parent : null;
  };
  const placed: Placed[] = [];
  let bottom = 0;
  const visit = (id: string, depth: number): void => {
    const checkpoint = known.get(id);
    if (checkpoint === undefined || placed.some((each) => each.checkpoint.id === id)) return;
    const moved = movedInto(summary, id);
    const top = bottom;
    const height = Math.max(BOX.height, Math.min(moved.length, MOST_LINES) * LINE + LINE) + GAP;
    placed.push({ checkpoint, depth, top, height, moved });
    const children = ids.filter((child) => parentOf(child) === id);
    for (const child of children) visit(child, depth + 1);
    // The first child stands beside its parent, all others below it.
    bottom = Math.max(bottom, top + height);
  };
  for (const id of ids) if (parentOf(id) === null) visit(id, 0);
  return placed;
}

/** What stands on the edge to a checkpoint: every dimension that moved, as the cells of the answer say it. */
function movedInto(summary: Summary, id: string): Effect[] {
  return mainEffects(summary).filter(
    (effect) => effect.to === id && hasDirection(shownEffect(summary, effect)),
  );
}

function leftOf(depth: number): number {
  return 1 + depth * (BOX.width + EDGE);
}

function middleOf({ top }: Placed): number {
  return top + BOX.height / 2 + 1;
}

function drawBox(summary: Summary, { checkpoint, depth, top }: Placed): string {
  const { ink, faint, paper, axis } = COLOURS;
  const left = leftOf(depth);
  const method = checkpoint.method === 'none' ? 'no alignment' : clean(checkpoint.method);
  const seeds = seedsOf(summary, checkpoint);
  const under = shorten(`${method}${seeds > 1 ? `, ${seeds} seeds` : ''}`, 22);
  return [
    `<rect x="${left}" y="${top + 1}" width="${BOX.width}" height="${BOX.height}" rx="7" fill="${paper}" stroke="${axis}"/>`,
    `<text x="${left + 12}" y="${top + 20}" font-weight="bold" fill="${ink}">${escaped(shorten(idOf(checkpoint.id), 18))}</text>`,
    `<text x="${left + 12}" y="${top + 37}" font-size="12" fill="${faint}">${escaped(under)}</text>`,
  ].join('');
}

function seedsOf(summary: Summary, { id }: SummaryCheckpoint): number {
  return summary.effects.find((effect) => effect.kind === 'stage' && effect.to === id)?.seeds ?? 1;
}

function drawEdge(summary: Summary, parent: Placed, child: Placed): string {
  const { plain, faint } = COLOURS;
  const start = leftOf(parent.depth) + BOX.width;
  const end = leftOf(child.depth);
  const turn = start + 14;
  const [from, to] = [middleOf(parent), middleOf(child)];
  const path = `<path d="M${start},${from}H${turn}V${to}H${end - 7}" fill="none" stroke="${plain}" stroke-width="1.5"/><path d="M${end - 1},${to}l-9,-5v10z" fill="${plain}"/>`;
  if (child.moved.length === 0) {
    return `${path}<text x="${turn + 12}" y="${to - 7}" font-size="12" fill="${faint}">no change was detected</text>`;
  }
  const shown = child.moved.slice(0, MOST_LINES);
  const lines = shown.map((effect, index) => drawMove(summary, effect, turn + 12, lineTop(to, index)));
  const rest = child.moved.length - shown.length;
  const more =
    rest === 0
      ? ''
      : `<text x="${turn + 12}" y="${lineTop(to, shown.length)}" font-size="12" fill="${faint}">and ${rest} more</text>`;
  return path + lines.join('') + more;
}

/** The first line stands above the edge, the others below it. */
function lineTop(edge: number, index: number): number {
  return index === 0 ? edge - 7 : edge + index * LINE - 1;
}

function drawMove(summary: Summary, effect: Effect, x: number, y: number): string {
  const shown = shownEffect(summary, effect);
  const isBetter = shown.verdict === 'improved';
  const colour = isBetter ? COLOURS.good : COLOURS.bad;
  const name = shorten(clean(effect.dimension), 16);
  const text = `${isBetter ? '▲' : '▼'} ${WORDS[shown.verdict]} ${name} ${changeOf(summary, effect, shown)}`;
  return `<text x="${x}" y="${y}" font-size="12" fill="${colour}">${escaped(text)}</text>`;
}

function describe(summary: Summary, { checkpoint, moved }: Placed): string {
  const { id, method, parent } = checkpoint;
  if (parent === null) return `${idOf(id)} is a root.`;
  const moves = moved.map((effect) => {
    const shown = shownEffect(summary, effect);
    return `${clean(effect.dimension)} ${WORDS[shown.verdict]} ${changeOf(summary, effect, shown)}`;
  });
  return `${idOf(id)} was tuned from ${idOf(parent)} by ${clean(method)}: ${moves.length === 0 ? 'no change was detected' : moves.join(', ')}.`;
}
