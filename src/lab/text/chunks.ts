/**
 * Runs of text between spaces. BERT's normaliser and pre-tokeniser treat such a run the same way
 * whatever stands around it, so that each distinct run needs to be looked at only once: this is
 * what makes both encoding and vocabulary training fast.
 *
 * The class holds the characters that BERT's text cleaning turns into a space. Vertical tab, form
 * feed and U+FEFF are white space to JavaScript's `\s`, but text cleaning removes them, which joins
 * what stands on both sides: they must not split.
 */
const chunkSource = '[^ \\t\\n\\r\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';

/** A pattern of its own for each user: a global pattern carries its position. */
export function chunkPattern(): RegExp {
  return new RegExp(chunkSource, 'g');
}
