/** Entry of a thread that tokenises the portions of texts that it is sent. */
import { parentPort, workerData } from 'node:worker_threads';
import { LabError } from '../../shared/errors.ts';
import { parseTokenizer } from './huggingFaceTokenizer.ts';
import type { TokenizingAnswer, TokenizingTask } from './tokenizingThreads.ts';
import { tokenizeTexts } from './tokenTable.ts';

const { json, where, maxLength } = workerData as TokenizingTask;
const tokenizer = parseTokenizer(json, where);

parentPort!.on('message', (texts: string[]) => {
  const answer = tokenized(texts);
  parentPort!.postMessage(
    answer,
    'table' in answer ? [answer.table.ids.buffer as ArrayBuffer, answer.table.lengths.buffer as ArrayBuffer] : [],
  );
});

/** Anything but a LabError ends the thread, and is reported by its end. */
function tokenized(texts: string[]): TokenizingAnswer {
  try {
    return { table: tokenizeTexts(texts, tokenizer, maxLength) };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const { code, message, fix } = error;
    return { failure: { code, message, fix } };
  }
}
