import { availableParallelism } from 'node:os';
import { runScript, say } from '../child.ts';
import { atLeast, milliseconds, plain, type Figure } from '../figures.ts';
import type { BenchPart } from '../part.ts';
import type { TokeniseFigures } from '../processes/tokenise.ts';

export const tokenise: BenchPart = {
  what: 'texts to tokens, and tokens found again',
  devices: ['cpu'],
  short: false,
  run,
};

async function run(): Promise<Figure[]> {
  const one = await withThreads(1);
  const two = await withThreads(Math.min(2, availableParallelism()));
  return [
    plain(`tokenising ${one.texts.toLocaleString('en')} texts, one thread`, rate(one)),
    atLeast('the same, two threads: million tokens/s', two.tokensPerSecond / 1e6, 1),
    plain(`opening the file of ${(one.tokens / 1e6).toFixed(1)} million tokens`, `${one.openSeconds.toFixed(2)} s`),
    plain('reading a batch of 128 texts from it', milliseconds(one.batchMilliseconds / 1000)),
  ];
}

function withThreads(threads: number): Promise<TokeniseFigures> {
  say(`Tokenising with ${threads} ${threads === 1 ? 'thread' : 'threads'}`);
  return runScript('tokenise.ts', threads);
}

function rate({ tokensPerSecond }: TokeniseFigures): string {
  return `${(tokensPerSecond / 1e6).toFixed(2)} million tokens/s`;
}
