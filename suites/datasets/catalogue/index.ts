import type { DatasetEntry } from '../entry.ts';
import { biasDatasets } from './bias.ts';
import { dynamicsDatasets } from './dynamics.ts';
import { ethicsDatasets } from './ethics.ts';
import { privacyDatasets } from './privacy.ts';
import { profileDatasets } from './profile.ts';
import { refusalDatasets } from './refusal.ts';
import { toxicityDatasets } from './toxicity.ts';
import { truthfulnessDatasets } from './truthfulness.ts';

/** Every dataset by id. A new one is one entry in its suite's file and, where its rows are of a new shape, one schema. */
export const CATALOGUE: readonly DatasetEntry[] = [
  ...truthfulnessDatasets,
  ...toxicityDatasets,
  ...biasDatasets,
  ...ethicsDatasets,
  ...privacyDatasets,
  ...refusalDatasets,
  ...profileDatasets,
  ...dynamicsDatasets,
];
