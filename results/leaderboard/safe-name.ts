import { sha256 } from '../../core/digest.ts';

const LONGEST = 60;
/** Names that Windows keeps for devices, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/;
const PLAIN = /^[a-z0-9](?:[a-z0-9_-]|\.(?=[a-z0-9_-]))*$/;

/**
 * A file name for any text: itself where it is plain already, else a readable rest of it, `~` and a digest. Two texts
 * never share a name, also where a file system ignores case: a plain name holds no `~` and no capital.
 */
export function safeName(text: string): string {
  const isPlain = text.length <= LONGEST && PLAIN.test(text) && !RESERVED.test(text);
  return isPlain ? text : digestName(text, sha256(text));
}

/** A readable file name that always carries the digest of what it stands for. */
export function digestName(text: string, digest: string): string {
  const rest = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return `${rest === '' ? 'x' : rest}~${digest.slice(0, 16)}`;
}
