import { signed } from '../../format.ts';
import type { ProfileGap, ProfileRater, ScoreDifference } from '../../profile/profile-summary.ts';
import type { Summary } from '../../summary.ts';
import { shortNames } from '../names.ts';
import { clean } from '../text.ts';
import type { NameOf } from '../view.ts';
import { scored } from './numbers.ts';
import { raterName } from './scores-view.ts';

/** Differences of factor scores that belong together: a row a factor, a column a rater. */
export interface DifferenceGroup {
  /** Fit for the name of a file. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** What the two ends of the scale mean. */
  readonly ends: readonly [less: string, more: string];
  readonly columns: readonly string[];
  readonly rows: readonly DifferenceRow[];
  readonly notes: readonly string[];
}

export interface DifferenceRow {
  readonly factor: string;
  readonly label: string;
  /** One a column. */
  readonly differences: readonly (ScoreDifference | null)[];
}

/** What a checkpoint wrote itself is not what was given to choose from. */
const OTHER_RESPONSES =
  ' The two rest on other responses, whose factors are spread differently: a difference may come from that as well.';

/** Every rater less the people (or the vote that stands for them), one group an instrument. */
export function differenceGroups(summary: Summary, nameOf: NameOf): DifferenceGroup[] {
  const { profile } = summary;
  if (profile === undefined) return [];
  const against = profile.alignments.filter(({ other }) => other.setting === 'human');
  const keys = [...new Set(against.map((one) => JSON.stringify([one.one.task, one.other])))];
  return keys.map((key, index) => {
    const own = against.filter((one) => JSON.stringify([one.one.task, one.other]) === key);
    const [first] = own as [(typeof own)[number]];
    const name = nameIn(summary, first.one.task);
    const people = peopleIn(first.other.rater, nameOf);
    return {
      id: `profile-difference${keys.length === 1 ? '' : `-${index + 1}`}`,
      title: `Raters less ${people}: ${name}`,
      caption: `τ14 of the rater less τ14 of ${people}, on the same resamples, 95 % interval. 0: the factor pulls both alike.${first.one.task === first.other.task ? '' : OTHER_RESPONSES}`,
      ends: [`higher τ14 for ${people}`, 'higher τ14 for the rater'],
      columns: own.map(({ one }) => raterName(one.rater, nameOf)),
      rows: rowsOf(
        summary,
        own.map(({ differences }) => differences),
      ),
      notes: [],
    };
  });
}

/** Evaluation less generation, one group a pair of instruments. */
export function gapGroups(summary: Summary, nameOf: NameOf): DifferenceGroup[] {
  const gaps = summary.profile?.gaps ?? [];
  const keyOf = ({ evaluation, generation }: ProfileGap): string => JSON.stringify([evaluation, generation]);
  const keys = [...new Set(gaps.map(keyOf))];
  return keys.map((key, index) => {
    const own = gaps.filter((gap) => keyOf(gap) === key);
    const [first] = own as [ProfileGap];
    return {
      id: `profile-gap${keys.length === 1 ? '' : `-${index + 1}`}`,
      title: `What pulls when choosing and when writing: ${nameIn(summary, first.evaluation)} less ${nameIn(summary, first.generation)}`,
      caption:
        'τ14 in choosing less τ14 in writing to a requested quality, of the same checkpoint on the same resamples, 95 % interval.' +
        OTHER_RESPONSES,
      ends: ['higher τ14 in writing', 'higher τ14 in choosing'],
      columns: own.map(({ checkpoint }) => nameOf(checkpoint)),
      rows: rowsOf(
        summary,
        own.map(({ differences }) => differences),
      ),
      notes: own.flatMap((gap) => alignmentNote(gap, nameOf)),
    };
  });
}

function peopleIn(rater: ProfileRater, nameOf: NameOf): string {
  return rater.kind === 'vote' ? `the vote "${nameOf(rater.name)}"` : raterName(rater, nameOf);
}

/** By how much choosing agrees better with people than writing does. */
function alignmentNote({ checkpoint, alignment }: ProfileGap, nameOf: NameOf): string[] {
  if (alignment === null || alignment.value === null) return [];
  const { value, low, high, over } = alignment;
  const gap = low === null || high === null ? signed(value, 'score') : scored(value, low, high).join(' ');
  return [
    `${nameOf(checkpoint)}: τ_b with people in choosing less that in writing, over ${over.length} factors: ${gap}.`,
  ];
}

function rowsOf({ profile }: Summary, columns: readonly (readonly ScoreDifference[])[]): DifferenceRow[] {
  return (profile?.factors ?? []).flatMap(({ key, label }): DifferenceRow[] => {
    const differences = columns.map(
      (column) => column.find(({ factor, difference }) => factor === key && difference !== null) ?? null,
    );
    const isPresent = differences.some((one) => one !== null);
    return isPresent ? [{ factor: key, label: clean(label), differences }] : [];
  });
}

function nameIn({ tasks }: Summary, task: string): string {
  return clean(shortNames(tasks).get(task) ?? task);
}
