import { runScript, say } from '../child.ts';
import { plain, type Figure } from '../figures.ts';
import type { BenchPart } from '../part.ts';

export const staticTraining: BenchPart = { what: 'training the default encoder', devices: ['cpu'], short: false, run };

async function run(): Promise<Figure[]> {
  say('Training the static encoder');
  const { tokensPerSecond, vocabulary } = await runScript<{ tokensPerSecond: number; vocabulary: number }>(
    'staticTraining.ts',
  );
  return [
    plain(
      `static training, ${vocabulary} tokens × 512, batches of 64`,
      `${Math.round(tokensPerSecond).toLocaleString('en')} tokens/s`,
    ),
  ];
}
