import type { Summary } from '../../../summary.ts';
import type { Figure } from '../figure.ts';
import { type CurveFigure, curveFigures } from './curves.ts';
import { displacementFigure } from './displacement.ts';
import { type FrontFigure, frontFigures } from './fronts.ts';
import { speedFigures } from './speed.ts';

/** Drawings of series and of learning dynamics; all of them empty in a run without them. */
export interface SeriesFigures {
  readonly curves: readonly CurveFigure[];
  readonly fronts: readonly FrontFigure[];
  readonly speeds: readonly Figure[];
  readonly displacement: Figure | null;
}

export function seriesFigures(summary: Summary): SeriesFigures {
  return {
    curves: curveFigures(summary),
    fronts: frontFigures(summary),
    speeds: speedFigures(summary),
    displacement: displacementFigure(summary),
  };
}

export function allSeriesFigures({ curves, fronts, speeds, displacement }: SeriesFigures): Figure[] {
  return [...curves, ...fronts, ...speeds, ...(displacement === null ? [] : [displacement])];
}
