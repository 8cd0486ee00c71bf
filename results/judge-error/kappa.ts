/**
 * Cohen's kappa of two people's labels of the same answers (Cohen 1960, Educ. Psychol. Meas. 20:37-46): agreement beyond what
 * their own frequencies of labels give by chance; 1 is perfect. Null where chance alone would agree on everything.
 *
 * @param pairs both labels of each answer.
 */
export function cohenKappa(pairs: readonly (readonly [string, string])[]): number | null {
  const n = pairs.length;
  const labels = new Set(pairs.flat());
  const share = (side: 0 | 1, label: string): number =>
    pairs.filter((pair) => pair[side] === label).length / n;
  const chance = [...labels].reduce((sum, label) => sum + share(0, label) * share(1, label), 0);
  if (n === 0 || chance === 1) return null;
  const agreed = pairs.filter(([one, other]) => one === other).length / n;
  return (agreed - chance) / (1 - chance);
}
