import type { JsonObject } from '../core/json.ts';

/** Exactly the fields of a type: the compiler refuses one that is missing, or that the type does not have. */
export type Fields<T> = Record<keyof T, JsonObject>;

export const text = (description: string): JsonObject => ({ type: 'string', description });
export const textOrNull = (description: string): JsonObject => ({ type: ['string', 'null'], description });
export const flag = (description: string): JsonObject => ({ type: 'boolean', description });
export const count = (description: string): JsonObject => ({ type: 'integer', minimum: 0, description });
export const number = (description: string): JsonObject => ({ type: 'number', description });
export const numberOrNull = (description: string): JsonObject => ({ type: ['number', 'null'], description });
export const orNull = (type: string, description: string): JsonObject => ({
  type: [type, 'null'],
  description,
});
export const probability = (description: string): JsonObject => ({
  type: 'number',
  minimum: 0,
  maximum: 1,
  description,
});
/** One of the words that are keys: `satisfies Record<T, true>` makes the compiler refuse a list that is not whole. */
export const oneOf = (known: Readonly<Record<string, true>>, description: string): JsonObject => ({
  enum: Object.keys(known),
  description,
});
export const digest = (description: string): JsonObject => ({
  type: 'string',
  pattern: '^[0-9a-f]{64}$',
  description,
});
export const words = (list: readonly (string | null)[], description: string): JsonObject => ({
  enum: list,
  description,
});
export const ref = (name: string, description: string): JsonObject => ({
  $ref: `#/$defs/${name}`,
  description,
});
export const listOf = (items: JsonObject, description: string): JsonObject => ({
  type: 'array',
  items,
  description,
});
export const refList = (name: string, description: string): JsonObject => ({
  type: 'array',
  items: { $ref: `#/$defs/${name}` },
  description,
});
export const nullable = ({ description = '', ...rest }: JsonObject): JsonObject => ({
  anyOf: [rest, { type: 'null' }],
  description,
});

/** An object with these fields, all of them and no others. */
export function object(
  fields: Readonly<Record<string, JsonObject>>,
  description: string,
  optional: readonly string[] = [],
): JsonObject {
  return {
    type: 'object',
    description,
    properties: fields,
    required: Object.keys(fields).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
}
