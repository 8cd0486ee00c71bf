import { basename } from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import { plain } from '../../results/format.ts';
import type { SavedCalibration } from '../label/calibrations.ts';
import { table } from '../table.ts';
import type { LabelledData } from './cases.ts';
import { type Figures, labelsOf, type Proportion, type Share, UNPARSED } from './figures.ts';
import type { Instrument } from './instruments.ts';

/** Everything that one calibration found. */
export interface Calibration {
  readonly instrument: Instrument;
  readonly data: LabelledData;
  readonly figures: Figures;
  /** Who judged, in words; absent for a rule. */
  readonly judge?: string;
  /** Digest of the judge's identity. */
  readonly judgeIdentity?: string;
  readonly failed: number;
}

export const VERDICTS = {
  better: 'shown better than chance',
  not: 'NOT shown better than chance: it should feed no headline',
} as const;

export async function calibrationText(calibration: Calibration, width: number): Promise<string> {
  const { instrument, data, figures, judge, failed } = calibration;
  const labels = [...labelsOf(instrument), ...(judge === undefined ? [] : [UNPARSED])];
  const rows = labelsOf(instrument).map((label) => {
    const row = figures.confusion[label] ?? {};
    const counts = labels.map((said) => row[said] ?? 0);
    return [label, String(counts.reduce((sum, count) => sum + count, 0)), ...counts.map(String)];
  });
  const { positive, negative, apart } = instrument;
  const lines = [
    `${instrument.name}  ${instrument.decides} (${instrument.version})`,
    ...(judge === undefined ? [] : [`judge  ${judge}`]),
    `data   ${data.file}, ${data.cases.length} different cases of ${data.rows} rows, sha256 ${data.sha256.slice(0, 16)}`,
    await table(['people say', 'cases', ...labels.map((label) => `scorer says ${label}`)], rows, width),
    `sensitivity        ${proportionText(figures.sensitivity)}  ${positive} found`,
    `specificity        ${proportionText(figures.specificity)}  ${negative} found`,
    `balanced accuracy  ${shareText(figures.balancedAccuracy)}  guessing gives ${points(0.5)}`,
    ...(apart.length === 0 ? [] : [`apart              ${apart.join(', ')}: in neither figure`]),
    ...(failed === 0 ? [] : [`failed             ${failed} cases without an answer, counted nowhere`]),
    `verdict            ${figures.betterThanChance ? VERDICTS.better : VERDICTS.not}`,
    ...(instrument.caveat === undefined ? [] : [`note               ${instrument.caveat}`]),
    'Points out of 100; in brackets 95 % intervals (Wilson, on the effective number of independent cases).',
  ];
  return `${lines.join('\n')}\n`;
}

export function calibrationJson(calibration: Calibration): JsonObject {
  const { instrument, data, figures, judge, failed } = calibration;
  return {
    scorer: instrument.name,
    version: instrument.version,
    judge: judge ?? null,
    data: { file: data.file, sha256: data.sha256, rows: data.rows, cases: data.cases.length },
    positive: instrument.positive,
    negative: instrument.negative,
    apart: instrument.apart,
    confusion: figures.confusion,
    sensitivity: figures.sensitivity as JsonObject | null,
    specificity: figures.specificity as JsonObject | null,
    balancedAccuracy: figures.balancedAccuracy as JsonObject | null,
    betterThanChance: figures.betterThanChance,
    failed,
    caveat: instrument.caveat ?? null,
  };
}

/** What other commands need of it. */
export function savedCalibration(calibration: Calibration): SavedCalibration {
  const { instrument, data, figures, judge, judgeIdentity } = calibration;
  const labels = labelsOf(instrument);
  return {
    schemaVersion: 1,
    scorer: instrument.name,
    version: instrument.version,
    dataset: basename(data.file),
    sha256: data.sha256,
    cases: data.cases.length,
    judge: judge === undefined ? null : { name: judge, identityDigest: judgeIdentity ?? '' },
    rows: labels.map((label) => ({
      label,
      said: Object.fromEntries(labels.map((said) => [said, figures.confusion[label]?.[said] ?? 0])),
      effectiveShare: figures.effectiveShares[label] ?? 1,
    })),
    betterThanChance: figures.betterThanChance,
  };
}

function proportionText(proportion: Proportion | null): string {
  if (proportion === null) return 'no such cases';
  return `${shareText(proportion)}  ${proportion.found} of ${proportion.of}`;
}

function points(share: number): string {
  return plain(share, 'share');
}

function shareText(share: Share | null): string {
  if (share === null) return 'not defined';
  return `${points(share.value)} (${points(share.low)} to ${points(share.high)})`;
}
