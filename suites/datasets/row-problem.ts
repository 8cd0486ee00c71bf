import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Problem } from '../../core/errors.ts';

/** Longer values are cut: the place says where to read on. */
const SHOWN_CHARACTERS = 60;

/**
 * What is wrong with a row, for the person who wrote it: the column, its value and what to write instead.
 *
 * @param error of a validator that is `verbose`, so that value and schema are at hand
 */
export function rowProblem(error: ErrorObject | undefined): Omit<Problem, 'where'> {
  if (error === undefined) return { message: 'does not fit the schema' };
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  const missing: unknown = error.keyword === 'required' ? error.params['missingProperty'] : undefined;
  if (typeof missing === 'string') {
    const field = path === '' ? missing : `${path}.${missing}`;
    return { field, message: 'is missing', fix: `add ${JSON.stringify(missing)}, or remove the row` };
  }
  return { ...(path === '' ? {} : { field: path }), ...wordsOf(error) };
}

function wordsOf({ keyword, params, data, parentSchema, message }: ErrorObject): Omit<Problem, 'where'> {
  const value = shown(data);
  const described: unknown = parentSchema?.['description'];
  switch (keyword) {
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map((one) => JSON.stringify(one));
      return { message: `${value} is none of ${allowed.join(', ')}`, fix: 'write one of them' };
    }
    case 'type': {
      const wanted = [params['type']].flat().map((type) => TYPES[String(type)] ?? String(type));
      return { message: `${value} is not ${wanted.join(' or ')}`, fix: `write ${wanted[0]}` };
    }
    case 'minLength':
    case 'minItems': {
      const unit = keyword === 'minLength' ? 'character' : 'entry';
      return {
        message: `${value} is too short: it needs ${String(params['limit'])} ${unit} at least`,
        fix: 'write more, or remove the row',
      };
    }
    case 'pattern':
      if (params['pattern'] === NOT_BLANK)
        return { message: `${value} is nothing but space`, fix: 'write a text, or remove the row' };
      if (typeof described === 'string')
        return { message: `${value} is not allowed here`, fix: `write ${described}` };
      return { message: `${value} ${message}`, fix: 'correct the value' };
    default:
      return { message: `${value} ${message ?? 'does not fit'}`, fix: 'correct the value' };
  }
}

const NOT_BLANK = '\\S';

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text in quotes',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
