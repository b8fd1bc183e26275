import { defineService } from '../work/task.ts';
import type { TokenTable } from './tokenTable.ts';

export interface TokenizingSetup {
  /** Content of tokenizer.json, and its name in errors. */
  readonly json: string;
  readonly where: string;
  readonly maxLength: number;
}

/** Tokenises portions of texts, one after the other. */
export const tokenizingTask = defineService<TokenizingSetup, readonly string[], TokenTable>({
  module: import.meta.url,
  what: 'A thread that tokenises texts',
  fix: 'Close other programs and try again.',
  async open({ json, where, maxLength }) {
    const { parseTokenizer } = await import('./huggingFaceTokenizer.ts');
    const { tokenizeTexts } = await import('./tokenTable.ts');
    const tokenizer = parseTokenizer(json, where);
    return (texts) => tokenizeTexts(texts, tokenizer, maxLength);
  },
});
