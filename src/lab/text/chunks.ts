/**
 * Runs of text between spaces. BERT's normaliser and pre-tokeniser treat such a run the same way in every context, so
 * each distinct run is processed only once. This makes encoding and vocabulary training fast.
 *
 * The class contains the characters that BERT's text cleaning turns into a space. Vertical tab, form feed and U+FEFF
 * are white space to JavaScript's `\s`, but text cleaning removes them, which joins the text on both sides: they must
 * not split.
 */
const chunkSource = '[^ \\t\\n\\r\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';

/** Returns a new pattern for each user, because a global pattern stores its position. */
export function chunkPattern(): RegExp {
  return new RegExp(chunkSource, 'g');
}
