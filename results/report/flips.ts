import type { Flip } from '../effects/flips.ts';
import { counted, grouped, plain } from '../format.ts';
import { noiseLine } from '../noise/words.ts';
import type { Effect, Summary, SummaryMetric } from '../summary.ts';
import { type Palette, palette } from './colour.ts';
import { metricOf } from './names.ts';
import { clean, displayWidth, hanging, padded, shorten } from './text.ts';
import { idOf, titleOf } from './view.ts';

export interface FlipOptions {
  readonly width: number;
  readonly colour: boolean;
  /** How many of each group to list; all when absent. */
  readonly most?: number;
  /** What stands behind a flip; undefined where nothing is known. */
  readonly wordsOf?: (flip: Flip) => FlipWords | undefined;
}

/** What both sides of a flip were asked, what they answered, and whether that was right. */
export interface FlipWords {
  /** In the user's words; null where the answers are lost. */
  readonly question: string | null;
  /** An answer a request, in the order asked. */
  readonly saidFrom: readonly string[];
  readonly saidTo: readonly string[];
  /** null where nothing can be right or wrong, or the answer is neither. */
  readonly markFrom: Mark | null;
  readonly markTo: Mark | null;
}

export type Mark = 'right' | 'wrong';

/** Flips that are listed together, the largest changes first. */
export interface FlipGroup {
  /** Absent where better and worse are listed together. */
  readonly change?: Flip['change'];
  /** How many there are, listed or not. */
  readonly total: number;
  readonly listed: readonly Flip[];
}

/**
 * Where every value is 0 or 1 the samples that got worse, then those that got better. Other values change in most
 * samples, so only the largest changes are listed, in whichever direction.
 */
export function groupFlips(flips: readonly Flip[], most = flips.length): FlipGroup[] {
  if (!areYesOrNo(flips)) return [{ total: flips.length, listed: flips.slice(0, most) }];
  return (['lost', 'gained'] as const).flatMap((change) => {
    const all = flips.filter((flip) => flip.change === change);
    return all.length === 0 ? [] : [{ change, total: all.length, listed: all.slice(0, most) }];
  });
}

/** The samples that flipped under one effect, with the question and both answers where they are given. */
export function renderFlips(
  summary: Summary,
  effect: Effect,
  flips: readonly Flip[],
  options: FlipOptions,
): string {
  const paint = palette(options.colour);
  const metric = metricOf(summary, effect.task, effect.metric);
  const drawing: Drawing = { effect, metric, options, width: Math.max(60, options.width), paint };
  const noise = noiseLine(summary, effect, idOf);
  const lines = [
    paint.strong(`${titleOf(effect).join(' ')}   ${clean(effect.task)}`),
    ...hanging('', countsInWords(effect, metric, flips), drawing.width).map(paint.faint),
    ...(noise === null ? [] : hanging('', noise, drawing.width).map(paint.faint)),
    ...groupFlips(flips, options.most).flatMap((group) => ['', ...drawGroup(group, drawing)]),
  ];
  return `${lines.join('\n')}\n`;
}

interface Drawing {
  readonly effect: Effect;
  readonly metric: SummaryMetric;
  readonly options: FlipOptions;
  readonly width: number;
  readonly paint: Palette;
}

const CHANGES = { lost: 'got WORSE', gained: 'got better' } as const;

function areYesOrNo(flips: readonly Flip[]): boolean {
  return flips.every(({ from, to }) => [from, to].every((value) => value === 0 || value === 1));
}

function countsInWords({ n }: Effect, { label }: SummaryMetric, flips: readonly Flip[]): string {
  const all = `${grouped(flips.length)} of ${counted(n, 'sample')} changed under "${clean(label)}"`;
  if (areYesOrNo(flips)) return all;
  const parts = (['lost', 'gained'] as const).map((change) => {
    const count = flips.filter((flip) => flip.change === change).length;
    return `${grouped(count)} ${CHANGES[change]}`;
  });
  return `${all}: ${parts.join(', ')}`;
}

function drawGroup({ change, total, listed }: FlipGroup, drawing: Drawing): string[] {
  const { paint } = drawing;
  const rest = total - listed.length;
  const rows = drawRows(listed, change === undefined, drawing);
  if (change === undefined) {
    const title = rest === 0 ? 'all of them, the largest change first' : largestInWords(listed.length);
    return [paint.strong(title), ...rows];
  }
  const colour = change === 'lost' ? paint.bad : paint.good;
  const title = colour(`${counted(total, 'sample')} ${CHANGES[change]}`);
  return [title, ...rows, ...(rest === 0 ? [] : [`  and ${grouped(rest)} more`])];
}

function largestInWords(count: number): string {
  return count === 1 ? 'the largest change' : `the ${grouped(count)} largest changes`;
}

function drawRows(flips: readonly Flip[], withChange: boolean, drawing: Drawing): string[] {
  const { unit } = drawing.metric;
  const { paint } = drawing;
  const names = flips.map(({ sample, repeat }) =>
    shorten(clean(sample) + (repeat === 0 ? '' : ` #${repeat}`), 32),
  );
  const nameWidth = Math.max(0, ...names.map(displayWidth));
  return flips.flatMap((flip, index) => {
    const cluster = shorten(clean(flip.cluster), 24);
    const isOwnCluster = flip.cluster === flip.sample;
    const word = flip.change === 'lost' ? paint.bad('WORSE') : paint.good('better');
    const line = [
      `  ${padded(names[index] as string, nameWidth)}`,
      `${plain(flip.from, unit)} → ${plain(flip.to, unit)}`,
      ...(withChange ? [word] : []),
      ...(isOwnCluster ? [] : [`(${cluster})`]),
    ].join('  ');
    return [line, ...drawWords(flip, drawing)];
  });
}

const QUESTION_LINES = 2;
const ANSWER_LINES = 3;

/** The question and both answers below their sample, cut to a few lines each. */
function drawWords(flip: Flip, { effect, options, width, paint }: Drawing): string[] {
  const words = options.wordsOf?.(flip);
  if (words === undefined) return [];
  const sides = [
    { id: idOf(effect.from), said: words.saidFrom, mark: words.markFrom },
    { id: idOf(effect.to), said: words.saidTo, mark: words.markTo },
  ];
  const asked = 'asked';
  const idWidth = Math.max(asked.length, ...sides.map(({ id }) => displayWidth(id)));
  const markWidth = Math.max(...sides.map(({ mark }) => mark?.length ?? -2)) + 2;
  const label = (id: string, mark: Mark | null): string =>
    `      ${padded(id, idWidth)}  ${padded(mark ?? '', markWidth)}`;
  const question =
    words.question === null
      ? []
      : cut(
          hanging(`      ${padded(asked, idWidth)}  `, clean(words.question), width),
          QUESTION_LINES,
          width,
        );
  const answers = sides
    .filter(({ said }) => said.length > 0)
    .flatMap(({ id, said, mark }) =>
      cut(hanging(label(id, mark), said.map(saidInWords).join(' / '), width), ANSWER_LINES, width),
    );
  return [...question.map(paint.faint), ...answers];
}

function saidInWords(text: string): string {
  const said = clean(text);
  return said === '' ? '(nothing)' : said;
}

/** The first lines, with a mark where more followed. */
function cut(lines: readonly string[], most: number, width: number): string[] {
  if (lines.length <= most) return [...lines];
  const last = lines[most - 1] as string;
  const words = displayWidth(last) + 2 <= width ? last : last.slice(0, last.trimEnd().lastIndexOf(' '));
  return [...lines.slice(0, most - 1), `${words} …`];
}
