/** The plane of a trade-off: two scales, points on it, and where they lie in the drawing. */
export const SIZE = { width: 460, height: 340 } as const;

export interface Axis {
  readonly title: readonly string[];
  readonly reverse: boolean;
  /** Ends of the scale: all intervals with a margin, within what is possible. */
  readonly domain: readonly [number, number];
}

export interface Point {
  readonly id: string;
  readonly name: string;
  readonly x: number;
  readonly xLow: number;
  readonly xHigh: number;
  readonly y: number;
  readonly yLow: number;
  readonly yHigh: number;
}

export interface Arrow {
  readonly x: number;
  readonly y: number;
  readonly x2: number;
  readonly y2: number;
}

/** Where a point lies in the drawing, from its top left corner. */
export function pixelsOf({ x, y }: { x: number; y: number }, across: Axis, up: Axis): [number, number] {
  const share = (value: number, { domain: [low, high], reverse }: Axis): number => {
    const part = (value - low) / (high - low || 1);
    return reverse ? 1 - part : part;
  };
  return [share(x, across) * SIZE.width, (1 - share(y, up)) * SIZE.height];
}
