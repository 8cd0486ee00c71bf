import { EXIT } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import {
  count,
  type Fields,
  listOf,
  numberOrNull,
  object,
  text,
  textOrNull,
  words,
} from '../schema-fields.ts';
import { summarySchema } from '../summary.schema.ts';
import type { GateFinding, GateVerdict } from './gate.ts';
import type { GateReport, GateReportRule } from './report.ts';

const VERDICTS = Object.keys({ shown: true, violated: true, undecided: true } satisfies Record<
  GateVerdict,
  true
>);

const finding = {
  from: text('Id of the checkpoint that is held against, most often the parent.'),
  to: text('Id of the checkpoint that must not be worse.'),
  delta: numberOrNull("`to` minus `from` in the metric's own unit."),
  low: numberOrNull('Lower end of the 95 % interval that decides.'),
  high: numberOrNull('Upper end.'),
  n: count('Samples with a value on both sides.'),
  verdict: words(VERDICTS, 'Of this comparison alone.'),
  reason: textOrNull(
    "What the interval rests on where it is not the effect's own, or why nothing can be said.",
  ),
} satisfies Fields<GateFinding>;

const { direction = {} } = (summarySchema['$defs'] as { effect: { properties: Record<string, JsonObject> } })
  .effect.properties;

const rule = {
  rule: text('As written: NAME:MARGIN.'),
  task: text('Full name of the instrument that it names.'),
  metric: text('Key of its headline metric.'),
  unit: words(['share', 'nats', 'score'], 'Of margin, delta, low and high; a share of .03 is 3 points.'),
  direction,
  margin: { type: 'number', minimum: 0, description: 'How much worse is still allowed.' },
  confidence: { const: 0.95, description: 'Of the two-sided interval.' },
  verdict: words(VERDICTS, 'The worst of its findings.'),
  findings: listOf(object(finding, 'One comparison.'), 'The worst first.'),
} satisfies Fields<GateReportRule>;

const report = {
  schemaVersion: { const: 1, description: 'Raised when a field changes its meaning or goes away.' },
  benchmark: text('Name of the benchmark.'),
  run: text('The run.'),
  status: words(['finished', 'interrupted', 'stopped'], 'Nothing is shown by a run that is not finished.'),
  verdict: words(VERDICTS, 'violated when one rule is, else undecided when one is.'),
  exitCode: {
    enum: [EXIT.fine, EXIT.violated, EXIT.undecided],
    description: 'Of the command: 0 shown, 4 violated, 5 undecided.',
  },
  rules: listOf(object(rule, 'One rule.'), 'In the order written.'),
} satisfies Fields<GateReport>;

/** The published JSON Schema (2020-12) of `gate --json`. */
export const gateSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'aligntrust gate',
  ...object(report, 'Whether any checkpoint became worse than its rules allow.'),
};
