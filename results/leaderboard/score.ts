import { EXIT, UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { gainSign } from '../direction.ts';
import type { BoardCell, BoardColumn, BoardRow, BoardScore, Leaderboard } from './leaderboard.ts';

export interface ScoreWeight {
  readonly dimension: string;
  readonly weight: number;
}

/**
 * Weights as a person writes them: `truthfulness:1,toxicity:0.5`.
 *
 * @throws UserError (exit code 2)
 */
export function parseScore(text: string): ScoreWeight[] {
  const weights = text.split(',').map((part) => {
    const at = part.lastIndexOf(':');
    const [dimension, weight] = [part.slice(0, at).trim(), Number(part.slice(at + 1))];
    if (at < 1 || dimension === '' || part.slice(at + 1).trim() === '' || !(weight > 0 && weight <= 1e6)) {
      throw new UserError({
        field: '--score',
        message: `"${part}" is not dimension:weight with a weight above 0`,
        fix: 'For example --score "truthfulness:1,toxicity:1".',
      });
    }
    return { dimension, weight };
  });
  const twice = weights.find(({ dimension }, index) =>
    weights.slice(index + 1).some((other) => other.dimension === dimension),
  );
  if (twice !== undefined)
    throw new UserError({ field: '--score', message: `${twice.dimension} is weighted twice` });
  return weights;
}

/** Half, whole and double of a weight: what rank stability is tried on. */
const FACTORS = [0.5, 1, 2] as const;
const MOST_DIMENSIONS = 8;

/**
 * One weighted number a checkpoint, for those who ask for it: each dimension's value is put on a line from 0 (the worst
 * possible) to 100 (the best possible) and averaged by weight. Its interval treats the dimensions as independent, since
 * each asks other samples. Ranks are printed with how far they move when every weight is halved, kept or doubled.
 *
 * @throws UserError (exit code 2) for a dimension that the site lacks, has twice, or whose metric has no ends.
 */
export function withScore(board: Leaderboard, weights: readonly ScoreWeight[]): Leaderboard {
  if (weights.length > MOST_DIMENSIONS) {
    throw new UserError({
      field: '--score',
      message: `at most ${MOST_DIMENSIONS} dimensions can be weighted`,
    });
  }
  const chosen = weights.map((weight) => ({ ...weight, column: columnFor(board, weight.dimension) }));
  const candidates = board.rows.filter(({ control }) => control === null);
  const read = candidates.map((row) => ({ row, parts: partsOf(board, row, chosen) }));
  const complete = read.filter(
    (each): each is { row: BoardRow; parts: Part[] } => typeof each.parts !== 'string',
  );
  return {
    ...board,
    score: {
      weights: chosen.map(({ dimension, weight, column }) => ({ dimension, column: column.key, weight })),
      ...ranked(
        complete,
        chosen.map(({ weight }) => weight),
      ),
      left: read.flatMap(({ row, parts }) =>
        typeof parts === 'string' ? [{ row: row.key, reason: parts }] : [],
      ),
    },
  };
}

interface Part {
  readonly value: number;
  readonly half: number | null;
}

interface Complete {
  readonly row: BoardRow;
  readonly parts: readonly Part[];
}

function ranked(
  complete: readonly Complete[],
  weights: readonly number[],
): Pick<BoardScore, 'rows' | 'choices' | 'sameFirst'> {
  const choices = weightings(weights);
  const ranks = choices.map((choice) => ranksOf(complete.map(({ parts }) => average(parts, choice))));
  const own = ranksOf(complete.map(({ parts }) => average(parts, weights)));
  const rows = complete.map(({ row, parts }, index) => {
    const score = average(parts, weights);
    const half = halfWidth(parts, weights);
    const seen = ranks.map((each) => each[index] as number);
    return {
      row: row.key,
      score,
      low: half === null ? null : Math.max(0, score - half),
      high: half === null ? null : Math.min(100, score + half),
      rank: own[index] as number,
      rankLow: Math.min(...seen),
      rankHigh: Math.max(...seen),
    };
  });
  const first = own.indexOf(1);
  const sameFirst = ranks.filter((each) => each[first] === 1).length;
  return { rows: rows.sort((a, b) => a.rank - b.rank), choices: choices.length, sameFirst };
}

function weightings(weights: readonly number[]): number[][] {
  return weights.reduce<number[][]>(
    (all, weight) => all.flatMap((one) => FACTORS.map((factor) => [...one, weight * factor])),
    [[]],
  );
}

function average(parts: readonly Part[], weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return parts.reduce((sum, { value }, index) => sum + value * (weights[index] as number), 0) / total;
}

function halfWidth(parts: readonly Part[], weights: readonly number[]): number | null {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let squares = 0;
  for (const [index, { half }] of parts.entries()) {
    if (half === null) return null;
    squares += ((half * (weights[index] as number)) / total) ** 2;
  }
  return Math.sqrt(squares);
}

/** 1 for the largest; equal values share the better rank. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => 1 + values.filter((other) => other > value).length);
}

function partsOf(
  board: Leaderboard,
  row: BoardRow,
  chosen: readonly { readonly dimension: string; readonly column: BoardColumn }[],
): Part[] | string {
  const parts: Part[] = [];
  for (const { dimension, column } of chosen) {
    const cell = board.cells.find((each) => each.row === row.key && each.column === column.key);
    if (cell === undefined || cell.value === null) return `no value in ${dimension}`;
    parts.push(partOf(cell, column));
  }
  return parts;
}

function partOf({ value, low, high }: BoardCell, { metric }: BoardColumn): Part {
  const [least, most] = metric.range as readonly [number, number];
  const scale = 100 / (most - least);
  const share = ((value as number) - least) * scale;
  return {
    value: gainSign(metric.direction) === 1 ? share : 100 - share,
    half: low === null || high === null ? null : ((high - low) / 2) * scale,
  };
}

function columnFor({ columns }: Leaderboard, dimension: string): BoardColumn {
  const main = columns.filter((column) => column.main);
  const found = main.filter((column) => column.dimension === dimension);
  const [first] = found;
  if (first === undefined) {
    const names = [...new Set(main.map((column) => column.dimension))];
    const [close] = nearest(dimension, names);
    throw new UserError(
      {
        field: '--score',
        message: `the site has no dimension "${dimension}"`,
        fix: `It has: ${names.join(', ')}.${close === undefined ? '' : ` Did you mean ${close}?`}`,
      },
      EXIT.usage,
    );
  }
  if (found.length > 1) {
    const instruments = found.map(({ key }) => key).join(', ');
    throw new UserError({
      field: '--score',
      message: `${dimension} is measured by several instruments (${instruments}), which cannot be mixed in one number`,
    });
  }
  const [least, most] = first.metric.range;
  if (least === null || most === null) {
    throw new UserError({
      field: '--score',
      message: `${first.metric.label} has no worst or best possible value`,
    });
  }
  return first;
}
