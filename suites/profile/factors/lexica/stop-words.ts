/**
 * English function words, which say little of a text's content. Our own list, written for this package from the closed
 * word classes of English: articles, pronouns, prepositions, conjunctions, auxiliaries, negation, a few adverbs of degree
 * and place. Frozen: a change raises LEXICON_VERSION.
 */
export const STOP_WORDS: readonly string[] = words(`
a an the this that these those such same other another each every either neither both all any some no none one ones
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself
it its itself they them their theirs themselves who whom whose which what whoever whatever whichever someone somebody
something anyone anybody anything everyone everybody everything nobody nothing
of in on at by for from to into onto upon with within without about above below under over between among through during
before after since until till against along across around behind beside besides beyond near off out up down per via toward towards
as than like unlike despite except
and or but nor so yet if then else because although though while whereas unless whether once
am is are was were be been being do does did doing done have has had having will would shall should can could may might
must ought need cannot
not never only also too very quite rather just even still already again ever almost
there here where when why how now thus hence therefore however
more most much many less least few fewer several enough
let lets
`);

function words(list: string): string[] {
  return list.trim().split(/\s+/);
}
