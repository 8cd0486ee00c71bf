/**
 * How a text speaks: word lists of English registers. All of them are our own, written for this package from general
 * knowledge of English; none is copied from a published lexicon. Entries are tokens as the tokeniser makes them (lower
 * case, straight apostrophes), phrases are tokens with one space between. Frozen: a change raises LEXICON_VERSION.
 */

/** First and second person, singular and plural. A contraction counts by what stands before its apostrophe ("we'll"). */
export const FIRST_AND_SECOND_PERSON: readonly string[] = lines(`
i, me, my, mine, myself, we, us, our, ours, ourselves, you, your, yours, yourself, yourselves, ya, y'all, im, ive, youre, youve
`);

/** Contractions of a verb by their ending; "'s" only after the words below, elsewhere it may be a possessive. */
export const CONTRACTED_ENDINGS: readonly string[] = ["n't", "'re", "'ve", "'ll", "'m", "'d"];
export const CONTRACTED_S_AFTER: readonly string[] = lines(`
it, that, this, what, who, where, when, why, how, there, here, he, she, let, everyone, everybody, everything, someone, somebody,
something, nobody, nothing
`);
/** Contractions without their apostrophe, or with it elsewhere. Not "wont", "cant", "were", "well", "its": words as well. */
export const CONTRACTED_OTHERWISE: readonly string[] = lines(`
dont, doesnt, didnt, isnt, arent, wasnt, werent, wouldnt, couldnt, shouldnt, hasnt, havent, hadnt, im, ive, youre, youve, theyre,
theyve, weve, thats, whats, theres, y'all
`);

/** Casual words, slang, interjections and shortened forms. Words that recipes and plain prose need ("cool", "kids") are left out. */
export const SLANG: readonly string[] = lines(`
yeah, yep, yup, nah, nope, hey, hiya, yo, sup, wow, whoa, oops, ouch, yay, ugh, meh, duh, huh, hmm, haha, hahaha, hehe, lol, lmao, rofl,
omg, wtf, btw, idk, imo, imho, tbh, fyi, asap, brb, gonna, wanna, gotta, kinda, sorta, gimme, lemme, dunno, ain't, aint, cuz, coz, ok, okay,
okey, awesome, guy, guys, dude, bro, buddy, pal, folks, stuff, crap, damn, dang, heck, hell, shit, bullshit, fuck, fucking, sucks, dumb, crazy,
freaking, super, totally, ya, thx, pls, plz, u, ur, cya, bye, ciao, cheers, legit, goofy, yummy, mom, dad, grandma, grandpa, tons, bunch, loads
`);

/** Wording that weakens a claim. */
export const HEDGES: readonly string[] = lines(`
may, might, maybe, perhaps, possibly, possible, probably, probable, presumably, apparently, seemingly, supposedly, arguably, allegedly,
reportedly, roughly, approximately, somewhat, likely, unlikely, potentially, conceivably, generally, usually, typically, often, sometimes,
occasionally, seem, seems, seemed, appear, appears, appeared, suggest, suggests, suggested, indicate, indicates, assume, assumes, believe,
believes, suspect, suspects, guess, estimate, estimated, uncertain, unclear, unsure, tend, tends, i think, i believe, i suppose, i guess, i assume,
in my opinion, in my view, in general, in some cases, in many cases, in most cases, it depends, depends on, to some extent, to a certain extent,
to some degree, more or less, as far as i know, to my knowledge, to the best of my knowledge, not sure, not certain, not entirely, not necessarily,
kind of, sort of, could be, it seems, it appears, it is possible, if i remember correctly
`);

/** Wording of an apology. "Sorry" counts wherever it stands ("a sorry sight" as well). */
export const APOLOGIES: readonly string[] = lines(`
sorry, apologise, apologize, apologises, apologizes, apologised, apologized, apologising, apologizing, apology, apologies, my bad, pardon me,
forgive me, excuse me, i regret, we regret
`);

/** Expressions of courtesy: please and thanks, willingness, wishes, forms of address and of closing. */
export const COURTESIES: readonly string[] = lines(`
please, kindly, thanks, thank you, thankful, grateful, gratefully, gladly, with pleasure, my pleasure, our pleasure, it is a pleasure,
it's a pleasure, pleased to, glad to, happy to, delighted to, delighted, be honoured, be honored, honoured to, honored to, you are welcome,
you're welcome, most welcome, welcome to, much appreciated, i appreciate, we appreciate, i would appreciate, would be appreciated, much obliged,
at your service, by all means, if you please, if you would, if you wish, if you like, would you mind, would you like, may i, might i, allow me,
feel free, don't hesitate, do not hesitate, hope this helps, hope that helps, hope it helps, i hope this, i hope that, let me know if,
great question, good question, excellent question, best wishes, best regards, kind regards, warm regards, yours sincerely, yours truly,
yours faithfully, sincerely yours, respectfully, cordially, dear, sir, madam, ma'am, congratulations, best of luck, good luck, have a great day,
have a nice day, have a good day, good morning, good afternoon, good evening, take care, pardon me, excuse me
`);

function lines(list: string): string[] {
  return list
    .split(',')
    .map((one) => one.trim().replaceAll(/\s+/g, ' '))
    .filter((one) => one !== '');
}
