import { MINIMUM_CLUSTERS, RELIABLE_CLUSTERS } from '../settings.ts';
import type { Alarm } from '../summary.ts';
import type { AlarmInput } from './alarms.ts';

/** Tasks whose headline has intervals over 10 to 29 clusters; under 10 there is none, from 30 on they hold. */
export function fewClusterAlarms({ inputs, effects, cells }: AlarmInput): Alarm[] {
  return inputs.flatMap(({ task }): Alarm[] => {
    const counts = [...cells, ...effects]
      .filter((each) => each.task === task.task && each.metric === task.headline && each.low !== null)
      .map(({ clusters }) => clusters)
      .filter((clusters) => clusters >= MINIMUM_CLUSTERS && clusters < RELIABLE_CLUSTERS);
    if (counts.length === 0) return [];
    const message = `intervals rest on ${Math.min(...counts)} clusters (${task.cluster}); under ${RELIABLE_CLUSTERS} they can be too narrow`;
    return [{ kind: 'few-clusters', level: 'alarm', checkpoint: null, task: task.task, message }];
  });
}
