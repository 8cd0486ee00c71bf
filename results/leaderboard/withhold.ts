import { isIP } from 'node:net';
import { sha256 } from '../../core/digest.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';

/** Folders tell of people and machines: of an absolute path only the last name is left. */
const FOLDERS = /(^|[\s"'(=])(?:~|[A-Za-z]:)?[\\/](?:[^\s"'\\/]+[\\/])+/g;

/** Text without folders of the machine, and without addresses that nobody else can reach. */
export function withoutPlaces(text: string): string {
  return text
    .replace(FOLDERS, '$1…/')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, (address) => withoutPrivateHost(address));
}

/** The same for every text of a JSON value; keys stay. */
export function withoutPlacesIn(value: JsonValue): JsonValue {
  if (typeof value === 'string') return withoutPlaces(value);
  if (Array.isArray(value)) return value.map((item: JsonValue) => withoutPlacesIn(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, item]) => [key, withoutPlacesIn(item)]),
  );
}

/** Stands for a text that is not published: equal texts have equal stand-ins. */
export function standIn(text: string): string {
  return `sha256:${sha256(text)}`;
}

/** Public addresses say who answered and stay, without credentials and query; private ones become a stand-in. */
function withoutPrivateHost(address: string): string {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return standIn(address);
  }
  if (isPrivate(url.hostname)) return `${url.protocol}//private-address/${sha256(url.host).slice(0, 12)}`;
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function isPrivate(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return true;
  return !bare.includes('.') || /\.(local|internal|lan|home|corp|intranet|localhost|test)$/i.test(bare);
}
