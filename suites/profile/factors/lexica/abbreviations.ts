/** English abbreviations whose full stop ends no sentence. Our own list. Single letters ("J.", "e.g.") need no entry. */
export const ABBREVIATIONS: readonly string[] =
  `mr mrs ms dr prof st jr sr vs eg ie cf fig figs eq eqs vol approx dept est inc ltd gen col sgt capt lt rev hon mt jan feb mar apr jun jul aug sep
sept oct nov dec`.split(/\s+/);
