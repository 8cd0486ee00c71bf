/**
 * What `import … from 'aligntrust/statistics'` gives: the instruments of the reports, and those for analyses of one's
 * own. Arrays of numbers in, plain objects out; random ones take a seeded `Random`.
 */
export { type Random, seededRandom } from '../../core/random.ts';
export * from './adjust.ts';
export * from './bootstrap.ts';
export * from './bootstrap-intervals.ts';
export * from './clustered-pairs.ts';
export * from './clustered-proportion.ts';
export * from './clustered-quantile.ts';
export * from './correlation.ts';
export * from './detectable.ts';
export * from './equivalence.ts';
export * from './factor-score.ts';
export * from './jackknife.ts';
export * from './mcnemar.ts';
export * from './mean.ts';
export * from './method-error.ts';
export * from './paired-proportion.ts';
export * from './pooling.ts';
export * from './proportion.ts';
export * from './ranks.ts';
export * from './seed-variance.ts';
export * from './sign-flip.ts';
export * from './standardised.ts';
