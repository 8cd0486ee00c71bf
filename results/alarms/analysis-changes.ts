import type { AnalysisChange } from '../../benchmarks/journal/records.ts';
import type { JsonValue } from '../../core/json.ts';
import type { MetricSpec } from '../../suites/task.ts';
import { counted, plain, unitName } from '../format.ts';
import type { Alarm } from '../summary.ts';

/** What a change speaks of: an instrument with its headline metric. */
export interface ChangedTask {
  readonly task: string;
  readonly headline: MetricSpec;
}

/**
 * One line for each setting of the analysis that was chosen when answers could be seen: a margin, a headline or an allowed
 * difference of that kind is no pre-registration. What changed before the first answer is not said.
 */
export function analysisChangeAlarms(
  changes: readonly AnalysisChange[],
  tasks: readonly ChangedTask[],
): Alarm[] {
  const bySetting = new Map<string, AnalysisChange[]>();
  for (const change of changes.filter(({ answers }) => answers > 0)) {
    const key = JSON.stringify([change.setting, change.of]);
    bySetting.set(key, [...(bySetting.get(key) ?? []), change]);
  }
  return [...bySetting.values()].map((history) => alarmOf(history, tasks));
}

function alarmOf(history: readonly AnalysisChange[], tasks: readonly ChangedTask[]): Alarm {
  const { setting, of, was, answers } = history[0] as AnalysisChange;
  const spec = tasks.find(({ task }) => task === of)?.headline;
  const steps = [was, ...history.map(({ is }) => is)].map((value) => valueInWords(setting, value, spec));
  const unit = setting === 'equivalence' && spec !== undefined ? ` ${unitName(spec.unit)}` : '';
  const seen = `after the run began, with ${counted(answers, 'answer')} there to see`;
  const message = `${NAMES[setting](of ?? '')} changed from ${steps.join(' to ')}${unit} ${seen}: what rests on it is no test that was fixed beforehand`;
  return { kind: 'analysis-changed', checkpoint: null, task: spec === undefined ? null : of, message };
}

const NAMES: Readonly<Record<AnalysisChange['setting'], (of: string) => string>> = {
  equivalence: (of) => `equivalence margin of ${of.split('@')[0]}`,
  headline: (of) => `headline task of ${of}`,
  dimension: (of) => `dimension of ${of.split('@')[0]}`,
  allow: () => 'what may differ besides the training',
  keep: () => 'what the step to keep must satisfy',
};

function valueInWords(
  setting: AnalysisChange['setting'],
  value: JsonValue,
  spec: MetricSpec | undefined,
): string {
  if (value === null)
    return setting === 'dimension'
      ? 'its own'
      : setting === 'allow' || setting === 'keep'
        ? 'nothing'
        : 'none';
  if (typeof value === 'number')
    return spec === undefined ? String(value) : shortest(plain(value, spec.unit));
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `3` for `3.0`: a person wrote it, nobody measured it. */
function shortest(text: string): string {
  return text.replace(/\.0+$/, '');
}
