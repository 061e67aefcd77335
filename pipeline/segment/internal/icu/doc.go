// Package icu compiles pairs of ICU regular expressions and decides by them at the
// places of a text: the patterns that match before and behind a place, and the first
// rule for which both match. It knows nothing of SRX.
//
// All patterns become two automata over classes of characters, which are made
// deterministic as a text needs it: one reads on from a place, the other back from
// it, and neither further than a rule can still hold, or the next kilobyte of text.
// A place is looked at only if the characters around it can belong to a rule that
// breaks. So no pattern runs over the text, lists of thousands of words cost what
// their longest one costs, and every text takes linear time.
//
// What has no meaning in an automaton is a SyntaxError with its place: back
// references, \X, \N{…}, and lookarounds of more than one character that stand
// neither at the place nor, positive, at the far end. $ and \Z match at the end of
// the text only.
package icu
