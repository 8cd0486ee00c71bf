/**
 * What drawing a long series costs: curves of 50 checkpoints × 20 tasks, made up, as drawings and as their section of the
 * page. Prints { figuresMs, sectionMs, bytes } as JSON.
 *
 *   node --import ./scripts/typescript/register.mjs scripts/bench/curves.mjs
 */
import { seriesFigures } from '../../results/report/charts/series/series-figures.ts';
import { seriesSection } from '../../results/report/html/series/section.ts';

const [STEPS, TASKS] = [50, 20];

const checkpoints = Array.from({ length: STEPS }, (_, index) => ({
  id: `step-${20 * index}`,
  step: 20 * index,
}));
const metrics = [{ key: 'rate', label: 'rate', unit: 'share', direction: 'higher-is-better', binary: true }];
const tasks = Array.from({ length: TASKS }, (_, index) => ({
  task: `dimension-${index}/task@data:robust`,
  dimension: `dimension-${index}`,
  primary: true,
  headline: 'rate',
  metrics,
}));

function curveOf({ task }, place) {
  const points = checkpoints.map(({ step }, index) => {
    const delta = 0.3 * Math.sin(place + index / 9) * (1 - Math.exp(-index / 8));
    const band = index === 0 ? { low: null, high: null } : { low: delta - 0.06, high: delta + 0.06 };
    return { step, value: 0.5 + delta, delta, ...band, gained: index, lost: place };
  });
  const firstStep = { step: 40, verdict: 'improved' };
  const speed = { initialSlope: 0.001, area: 0.1 };
  return {
    task,
    metric: 'rate',
    points,
    firstStep,
    clusters: 200,
    n: 200,
    criticalValue: 2.9,
    speed,
    reason: null,
  };
}

const series = {
  name: 'run',
  method: 'dpo',
  parent: 'step-0',
  data: null,
  recipe: null,
  seed: 1,
  start: 'parent',
  refused: null,
  points: checkpoints.map(({ id, step }) => ({ checkpoint: id, step })),
  curves: tasks.map(curveOf),
  fronts: [],
  kept: null,
};
const summary = { checkpoints, tasks, cells: [], effects: [], alarms: [], series: [series] };

const begun = performance.now();
const figures = seriesFigures(summary);
const drawn = performance.now();
const section = seriesSection(summary, figures);
const ended = performance.now();
console.log(
  JSON.stringify({
    figuresMs: Math.round(drawn - begun),
    sectionMs: Math.round(ended - drawn),
    bytes: Buffer.byteLength(section.markup),
  }),
);
