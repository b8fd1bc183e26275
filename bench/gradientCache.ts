import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const script = fileURLToPath(new URL('gradientCacheStep.ts', import.meta.url));

/** Texts in memory at a time: those of 32 pairs. */
export const cacheBatch = 64;

interface Steps {
  /** Of the second step: in the first, memory is being allocated. */
  readonly seconds: number;
  readonly megabytes: number;
}

export interface GradientCacheFigures {
  readonly small: Steps;
  readonly smallCached: Steps;
  readonly largeCached: Steps;
}

/** A DistilBERT of two layers: 32 pairs at once, the same in parts, and 512 pairs in parts of that size; each in a process of its own. */
export async function benchGradientCache(): Promise<GradientCacheFigures> {
  return { small: await steps(32, null), smallCached: await steps(32, cacheBatch / 2), largeCached: await steps(512, cacheBatch) };
}

async function steps(pairs: number, texts: number | null): Promise<Steps> {
  const { stdout } = await execute(process.execPath, [script, String(pairs), String(texts ?? 'none'), '2']);
  const { seconds, peakBytes } = JSON.parse(stdout) as { seconds: number[]; peakBytes: number };
  return { seconds: seconds.at(-1)!, megabytes: peakBytes / 1e6 };
}
