import type { Summary } from '../../summary.ts';
import { trustPart } from '../../trust-part.ts';
import type { Figure } from './figure.ts';
import { forestFigures } from './forest.ts';
import { lineageFigure } from './lineage.ts';
import { allProfileFigures, type ProfileFigures, profileFigures } from './profile.ts';
import { allSeriesFigures, type SeriesFigures, seriesFigures } from './series/series-figures.ts';
import { type TradeOffFigure, tradeOffFigures } from './trade-off.ts';

/** Every drawing of a report. */
export interface Figures {
  /** One a unit of measure; empty where nothing was compared. */
  readonly forests: readonly Figure[];
  readonly lineage: Figure | null;
  readonly tradeOffs: readonly TradeOffFigure[];
  readonly profile: ProfileFigures;
  readonly series: SeriesFigures;
}

export async function drawFigures(whole: Summary): Promise<Figures> {
  const summary = trustPart(whole);
  return {
    forests: await forestFigures(summary),
    lineage: lineageFigure(summary),
    tradeOffs: await tradeOffFigures(summary),
    profile: profileFigures(whole),
    series: seriesFigures(whole),
  };
}

/** The same in one list, as they are written to files: each pair of dimensions once. */
export function allFigures({ forests, lineage, tradeOffs, profile, series }: Figures): Figure[] {
  return [
    ...forests,
    ...(lineage === null ? [] : [lineage]),
    ...tradeOffs.filter(({ turned }) => !turned),
    ...allProfileFigures(profile),
    ...allSeriesFigures(series),
  ];
}
