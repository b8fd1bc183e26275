import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineOf, type FaultLine, type FaultPart, type Scale } from './lines.ts';
import { attempt, combinations, upgrades, type Combination } from './server/combinations.ts';
import {
  attemptMessage,
  attemptRequest,
  attemptUpload,
  malformedMessages,
  malformedRequests,
  uploadNames,
} from './server/malformed.ts';
import { isAlive, startTarget, type Target } from './server/target.ts';

/** Access to `losslab serve`: only the pages of the owner, for any request. */
export const server: FaultPart = {
  what: 'every combination of Host, Origin, token, method and path, and what is no request at all',
  async run(scale) {
    const folder = mkdtempSync(join(tmpdir(), 'losslab-server-'));
    await using target = await startTarget(folder);
    try {
      return [
        await combinationLine(target, scale, false),
        await combinationLine(target, scale, true),
        lineOf(
          'requests that are none, or too large',
          await oneByOne(malformedRequests(target), (request) => attemptRequest(target, request)),
        ),
        lineOf(
          'messages that are none, or too large',
          await oneByOne(malformedMessages(), (message) => attemptMessage(target, message)),
        ),
        lineOf('names of uploaded files', await oneByOne(uploadNames, (name) => attemptUpload(target, name))),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/**
 * One of this many combinations is tried. Both numbers are coprime to the numbers of choices, so every choice is
 * combined with every other.
 */
const oneOf: Readonly<Record<Scale, { readonly request: number; readonly upgrade: number }>> = {
  long: { request: 1, upgrade: 1 },
  short: { request: 101, upgrade: 53 },
};
const atOnce = 16;

async function combinationLine(target: Target, scale: Scale, upgrade: boolean): Promise<FaultLine> {
  const all = upgrade ? upgrades(target) : combinations(target);
  const some = all.filter((_, i) => i % oneOf[scale][upgrade ? 'upgrade' : 'request'] === 0);
  // Whether valid requests are accepted at all.
  const chosen = [...some, ...all.filter(isRight).slice(0, 20)];
  const outcomes: (string | null)[] = [];
  for (let i = 0; i < chosen.length; i += atOnce)
    outcomes.push(
      ...(await Promise.all(chosen.slice(i, i + atOnce).map((combination) => attempt(target, combination, upgrade)))),
    );
  const right = chosen.filter(isRight).length;
  return lineOf(
    upgrade ? 'upgrades to a WebSocket' : 'requests',
    [...outcomes, (await isAlive(target)) ? null : 'the server is gone'],
    `${right.toLocaleString('en')} right in everything and let in, of ${all.length.toLocaleString('en')}`,
  );
}

function isRight({ host, origin, cookie, path }: Combination): boolean {
  return host.right && origin.right && cookie.right && path.kind === 'file';
}

async function oneByOne<T>(
  all: readonly T[],
  attemptOne: (each: T) => Promise<string | null>,
): Promise<(string | null)[]> {
  const outcomes: (string | null)[] = [];
  for (const each of all) outcomes.push(await attemptOne(each));
  return outcomes;
}
