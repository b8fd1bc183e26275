import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../../src/lab/base/random.ts';
import { losslab } from '../../../tests/helpers/commandLine.ts';
import { tinyQuestions, writeRankedJson } from '../../../tests/helpers/tinyData.ts';
import type { FaultLine } from '../lines.ts';
import type { Lab } from '../runs/lab.ts';
import { datasetFor } from '../runs/ownedRun.ts';
import { Kills } from './kills.ts';
import { killWhileWriting, namesBelow } from './whileWriting.ts';

/** An export and its undisturbed result. */
interface Export {
  readonly args: readonly string[];
  /** The file or folder that it writes. */
  readonly target: string;
  readonly halfDone: string;
  readonly milliseconds: number;
}

/**
 * Kills exports of a dataset and of an encoder: their output must be complete or missing, and the next export must
 * remove leftovers.
 */
export async function killExports(
  { folder, store }: Lab,
  run: string,
  count: number,
  random: Random,
): Promise<FaultLine> {
  const kills = new Kills('losslab export-dataset and export-encoder');
  const place = join(folder, 'exports');
  mkdirSync(place);
  const home = store.home.folder;
  const exports: readonly Export[] = [
    {
      args: ['export-dataset', 'large', '--json'],
      target: join(place, 'dataset.json'),
      halfDone: '.tmp',
      milliseconds: 200,
    },
    {
      args: ['export-encoder', run, '--format', 'onnx', '--out'],
      target: join(place, 'encoder'),
      halfDone: '.writing-',
      milliseconds: 60,
    },
  ];
  const large = join(folder, 'large');
  mkdirSync(large);
  await datasetFor(store.home, writeRankedJson(large, tinyQuestions(5000)), 'large');
  const whole = new Map<Export, string>();
  for (const each of exports) whole.set(each, await undisturbed(home, each));
  for (let tries = 0; kills.count < count; tries++) {
    const each = exports[tries % exports.length]!;
    const moment = await killWhileWriting({ ...each, home, args: [...each.args, each.target], folder: place }, random);
    if (moment !== null)
      kills.add(
        `${each.args[0]} ${moment}`,
        existsSync(each.target) && contentOf(each.target) !== whole.get(each) ? `${each.target} is half-done` : null,
      );
    rmSync(each.target, { recursive: true, force: true });
    if (moment !== null)
      kills.blameLast(
        (await undisturbed(home, each)) === whole.get(each)
          ? leftBehind(place)
          : 'the next export writes something else',
      );
    rmSync(each.target, { recursive: true, force: true });
  }
  return kills.line();
}

async function undisturbed(home: string, { args, target }: Export): Promise<string> {
  const { code, stderr } = await losslab(home, ...args, target);
  if (code !== 0) throw new Error(`losslab ${args.join(' ')} ended with ${code}: ${stderr}`);
  return contentOf(target);
}

/** The content of a file or a folder. */
function contentOf(target: string): string {
  if (statSync(target).isFile()) return readFileSync(target, 'latin1');
  return namesBelow(target)
    .sort()
    .map((name) => `${name}\n${readFileSync(join(target, name), 'latin1')}`)
    .join('\n');
}

function leftBehind(place: string): string | null {
  const left = namesBelow(place).filter((name) => name.includes('.writing-') || name.endsWith('.tmp'));
  return left.length === 0 ? null : `${left.join(', ')} stay behind`;
}
