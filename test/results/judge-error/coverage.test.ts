import { describe, expect, it } from '@jest/globals';
import { allocate } from '../../../bin/label/allocate.ts';
import { type Random, seededRandom } from '../../../core/random.ts';
import { correctedDifference, type Side } from '../../../results/judge-error/difference.ts';
import { type ObservedPart, roganGladen, youdenDraws } from '../../../results/judge-error/rogan-gladen.ts';
import { clusteredMean } from '../../../results/statistics/mean.ts';

const ROUNDS = 400;
const SAMPLES = 150;

/** How often a checkpoint's answers are truly 1, and how often the scorer sees that and the opposite. */
interface Checkpoint {
  readonly rate: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

interface World {
  readonly from: Checkpoint;
  readonly to: Checkpoint;
  readonly labelsPerSide: number;
}

const chance = (p: number, random: Random): number => (random.next() < p ? 1 : 0);

/** Truth and verdict of both sides on the same samples; easy samples are easy for both. */
function draw({ from, to }: World, random: Random) {
  const sides = {
    from: { truth: [] as number[], said: [] as number[] },
    to: { truth: [] as number[], said: [] as number[] },
  };
  for (let sample = 0; sample < SAMPLES; sample++) {
    // Uniform on ±.15, so that the mean rate is the rate; shared by both sides.
    const ease = (random.next() - 0.5) * 0.3;
    for (const [name, { rate, sensitivity, specificity }] of Object.entries({ from, to })) {
      const truth = chance(rate + ease, random);
      const side = sides[name as 'from' | 'to'];
      side.truth.push(truth);
      side.said.push(truth === 1 ? chance(sensitivity, random) : 1 - chance(specificity, random));
    }
  }
  return sides;
}

/** Labels of a stratified random sample of one side, as `aligntrust label` draws it. */
function labelled({ truth, said }: { truth: number[]; said: number[] }, count: number, random: Random): Side {
  const members = [0, 1].map((verdict) =>
    random.shuffled([...said.keys()].filter((i) => said[i] === verdict)),
  );
  const present = members.filter((cell) => cell.length > 0);
  const counts = allocate(
    present.map((cell) => ({ group: '', size: cell.length })),
    count,
  );
  const cells = present.map((cell, index) => {
    const shown = cell.slice(0, counts[index]);
    const positive = shown.reduce((sum, i) => sum + (truth[i] as number), 0);
    return { weight: cell.length / SAMPLES, labelled: shown.length, positive };
  });
  const numbers = [0, 1].filter((verdict) => (members[verdict] as number[]).length > 0);
  return { cellOf: said.map((verdict) => numbers.indexOf(verdict)), values: said, cells };
}

function coverage(world: World): { corrected: number; naive: number } {
  const random = seededRandom(20261122);
  const target = world.to.rate - world.from.rate;
  const weights = new Float64Array(SAMPLES).fill(1 / SAMPLES);
  const groups = new Uint8Array(SAMPLES);
  const clusters = Array.from(weights.keys());
  let [corrected, naive] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const { from, to } = draw(world, random);
    const found = correctedDifference({
      weights,
      groups,
      clusters,
      from: labelled(from, world.labelsPerSide, random),
      to: labelled(to, world.labelsPerSide, random),
    });
    if (found !== null && found.low <= target && target <= found.high) corrected++;
    const { low, high } = clusteredMean(
      to.said.map((value, i) => value - (from.said[i] as number)),
      clusters,
    );
    if (low !== null && high !== null && low <= target && target <= high) naive++;
  }
  return { corrected: corrected / ROUNDS, naive: naive / ROUNDS };
}

/** Three Monte-Carlo standard errors below 95 %. */
const LEAST = 0.95 - 3 * Math.sqrt((0.95 * 0.05) / ROUNDS);

describe('coverage of the corrected difference', () => {
  const good = { sensitivity: 0.9, specificity: 0.9 };
  it.each([
    [
      'a scorer that errs alike',
      { from: { rate: 0.4, ...good }, to: { rate: 0.6, ...good }, labelsPerSide: 40 },
    ],
    [
      'a scorer that flatters one side',
      {
        from: { rate: 0.5, ...good },
        to: { rate: 0.5, sensitivity: 0.95, specificity: 0.6 },
        labelsPerSide: 40,
      },
    ],
    ['few labels', { from: { rate: 0.3, ...good }, to: { rate: 0.35, ...good }, labelsPerSide: 12 }],
    [
      'a scorer that hardly errs',
      {
        from: { rate: 0.4, sensitivity: 0.99, specificity: 0.98 },
        to: { rate: 0.55, sensitivity: 0.99, specificity: 0.98 },
        labelsPerSide: 20,
      },
    ],
    ['a rare event', { from: { rate: 0.16, ...good }, to: { rate: 0.2, ...good }, labelsPerSide: 30 }],
  ])('is at least 95 %%: %s', (_, world) => {
    expect(coverage(world).corrected).toBeGreaterThanOrEqual(LEAST);
  });

  it('is kept where the uncorrected interval is lost', () => {
    const { corrected, naive } = coverage({
      from: { rate: 0.5, ...good },
      to: { rate: 0.5, sensitivity: 0.95, specificity: 0.6 },
      labelsPerSide: 40,
    });
    expect(naive).toBeLessThan(0.5);
    expect(corrected).toBeGreaterThanOrEqual(LEAST);
  });
});

describe('coverage of Rogan and Gladen', () => {
  it('is 95 % within Monte-Carlo error where the scorer errs on both sides as on its calibration', () => {
    const random = seededRandom(11);
    const [sensitivity, specificity] = [0.85, 0.8];
    const world = {
      from: { rate: 0.4, sensitivity, specificity },
      to: { rate: 0.6, sensitivity, specificity },
      labelsPerSide: 0,
    };
    const rounds = 150;
    let covered = 0;
    for (let round = 0; round < rounds; round++) {
      const row = (label: string, p: number) => {
        const yes = Array.from({ length: 150 }, () => chance(p, random)).reduce((sum, one) => sum + one, 0);
        return { label, said: { yes, no: 150 - yes }, effectiveShare: 1 };
      };
      const rows = [row('yes', sensitivity), row('no', 1 - specificity)];
      const youden = youdenDraws(rows, ['yes', 'no'], new Set(['yes']), random);
      if (youden === null) throw new Error('both sides have cases');
      const { from, to } = draw(world, random);
      const { mean, error } = clusteredMean(
        to.said.map((value, i) => value - (from.said[i] as number)),
        Array.from({ length: SAMPLES }, (__, i) => i),
      );
      const part: ObservedPart = { coefficient: 1, delta: mean, youden };
      const { low, high } = roganGladen([part], [[(error ?? 0) ** 2]], SAMPLES, random);
      if (low <= 0.2 && 0.2 <= high) covered++;
    }
    const error = Math.sqrt((0.95 * 0.05) / rounds);
    expect(covered / rounds).toBeGreaterThanOrEqual(0.95 - 3 * error);
    expect(covered / rounds).toBeLessThanOrEqual(0.95 + 3 * error);
  });
});
