import { describe, expect, it } from '@jest/globals';
import type { DistinguishabilitySpeed } from '../../../../results/dynamics/dynamics-summary.ts';
import { MEASURES, relationInWords, SPEEDS } from '../../../../results/report/series/learning-words.ts';

const relation = (changes: Partial<DistinguishabilitySpeed>): DistinguishabilitySpeed => ({
  series: 'dpo',
  start: 'sft',
  task: 'states',
  speedOf: { task: 'behaviour', metric: 'matching' },
  measure: 'distinguishability',
  speed: 'initial-slope',
  behaviours: [],
  n: 6,
  rho: null,
  p: null,
  reason: null,
  ...changes,
});

describe('a relation in words', () => {
  it('says once that it is not computable', () => {
    const reason = 'not computable: all behaviours are alike in one of the two';
    expect(relationInWords(relation({ reason }))).toBe(`n 6: ${reason}`);
    expect(relationInWords(relation({}))).toBe('n 6: not computable');
  });

  it('calls the level and the signed lean what they are', () => {
    expect(SPEEDS.area).toContain('start’s own included');
    expect(MEASURES['log-odds-d-prime']).toContain('signed lean of the start');
  });
});
