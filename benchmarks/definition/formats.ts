import type { PromptFormat } from '../../adapters/model.ts';
import type { JsonValue } from '../../core/json.ts';
import type { CheckpointDefinition } from './definition.ts';
import { type Finding, isObject, listOf, member, objectOf, quote, textOf } from './finding.ts';
import { writtenFormats } from './written.ts';

/** How a checkpoint is called in the second of two formats: `sft+chat`. */
function idIn(id: string, format: PromptFormat): string {
  return `${id}+${format}`;
}

/** Where `formats` says in which formats everything is asked, no checkpoint says it again, and no new id is taken. */
export function checkFormats(file: JsonValue): Finding[] {
  const formats = writtenFormats(file);
  if (formats.length === 0) return [];
  const entries = listOf(file, 'checkpoints');
  const ids = new Set(entries.map((entry) => textOf(entry, 'id')));
  const second = formats[1];
  const fix = `"formats" says in which formats every checkpoint is asked; remove one of the two`;
  const places = [
    { holder: objectOf(file, 'defaults'), path: ['defaults'] },
    ...entries.map((entry, index) => ({ holder: entry, path: ['checkpoints', index] })),
  ];
  const twice = places
    .filter(({ holder }) => isObject(holder) && member(holder, 'promptFormat') !== undefined)
    .map(({ path }) => ({ path: [...path, 'promptFormat'], message: 'stands beside "formats"', fix }));
  const taken = entries.flatMap((entry, index): Finding[] => {
    const id = textOf(entry, 'id');
    if (id === undefined || second === undefined || !ids.has(idIn(id, second))) return [];
    const message = `${quote(idIn(id, second))} is what this checkpoint is called in ${second} prompts, and another one has that id`;
    return [{ path: ['checkpoints', index, 'id'], message, fix: 'give one of them another id' }];
  });
  return [...twice, ...taken];
}

/**
 * Every checkpoint in every format: the first keeps its id, the second is a lineage of its own beside it, with ids such
 * as `sft+chat`, so that every stage is compared within one format. Raw prompts have no place for template and system.
 */
export function inFormats(
  checkpoints: readonly CheckpointDefinition[],
  formats: readonly PromptFormat[],
): CheckpointDefinition[] {
  if (formats.length === 0) return [...checkpoints];
  return formats.flatMap((format, index) =>
    checkpoints.map((checkpoint) => {
      const named = (id: string): string => (index === 0 ? id : idIn(id, format));
      const { template, system, ...rest } = checkpoint;
      const { parent } = checkpoint.alignment;
      return {
        ...rest,
        id: named(checkpoint.id),
        promptFormat: format,
        ...(format === 'chat' && template !== undefined ? { template } : {}),
        ...(format === 'chat' && system !== undefined ? { system } : {}),
        alignment: {
          ...checkpoint.alignment,
          ...(parent === undefined ? {} : { parent: named(parent) }),
        },
      };
    }),
  );
}
