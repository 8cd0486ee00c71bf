/**
 * SPDX identifiers of licences that let anybody pass the texts on, also changed in form and also for money; some ask for
 * attribution or the same licence, which the file beside the published answers takes care of.
 */
const FREE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'CC-BY-SA-3.0',
  'CC-BY-SA-4.0',
  'CC0-1.0',
  'CDLA-Permissive-1.0',
  'CDLA-Permissive-2.0',
  'ISC',
  'MIT',
  'ODC-By-1.0',
  'PDDL-1.0',
  'Unlicense',
]);

/** Whether texts under this licence may be published; what is unknown or unstated may not. */
export function mayRedistribute(licence: string): boolean {
  return FREE.has(licence);
}
