import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Random } from '../../src/lab/base/random.ts';

/** Generated posts for the benchmarks of imports: the same random numbers give the same files. */

export async function writeLines(
  path: string,
  lines: () => Generator<string>,
  encoding: BufferEncoding,
): Promise<void> {
  const stream = createWriteStream(path, { encoding, highWaterMark: 1024 * 1024 });
  for (const line of lines()) if (!stream.write(`${line}\n`)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'close');
}

const vocabulary =
  'the variance of a linear model is naïve when x &lt; 5 and the prior says that mean values differ from Gaußian noise so we fit again with less regularisation'.split(
    ' ',
  );

export function words(random: Random, count: number): string {
  return Array.from({ length: count }, () => vocabulary[random.integer(vocabulary.length)]!).join(' ');
}

/** An HTML body of about 1 kB. */
export function htmlBody(random: Random): string {
  const paragraph = (): string => `<p>${words(random, 26 + random.integer(48))}</p>\n`;
  const link = `<a href="http://example.org/${random.integer(1000)}" rel="nofollow">${words(random, 3)}</a>\n`;
  return `${paragraph()}${link}<pre><code>y &lt;- lm(a ~ b, data = d)\n</code></pre>\n${paragraph()}${paragraph()}`;
}
