import type { Text } from './text.ts';

/** A reading of a text that is done once, however many factors and responses ask for it. */
export function perText<Value>(read: (text: Text) => Value): (text: Text) => Value {
  const known = new WeakMap<Text, { readonly value: Value }>();
  return (text) => {
    let found = known.get(text);
    if (found === undefined) {
      found = { value: read(text) };
      known.set(text, found);
    }
    return found.value;
  };
}
