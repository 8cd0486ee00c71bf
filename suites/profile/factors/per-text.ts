import type { Text } from './text.ts';

let slots = 0;

/** A reading of a text that is done once, however many factors and responses ask for it; kept with the text. */
export function perText<Value>(read: (text: Text) => Value): (text: Text) => Value {
  const slot = slots++;
  return (text) => {
    if (text.readings[slot] === undefined) text.readings[slot] = { value: read(text) };
    // A slot is written here alone, so what it holds is of this reading's type.
    return (text.readings[slot] as { readonly value: Value }).value;
  };
}
