import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Real sites and tokenizers can be beside the repository; they are not part of it. */
const folder = join(import.meta.dirname, '../../../shared/data');

/** Questions and answers of ai.stackexchange.com. */
export const realPosts = join(folder, 'se-ai', 'Posts.xml');
/** BERT's vocabulary. */
export const bertTokenizer = join(folder, 'tok-all-MiniLM-L6-v2', 'tokenizer.json');

/** Why real questions are missing; null if they exist. */
export const missingQuestions: string | null = [realPosts, bertTokenizer].find((file) => !existsSync(file))
  ? `${folder} has no real questions`
  : null;
