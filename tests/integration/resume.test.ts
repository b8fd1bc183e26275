import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { isAlive } from '../../src/lab/store/processes.ts';
import type { Run } from '../../src/shared/history.ts';
import { encoderHash, evaluationFigures, eventually, losslab, losslabJson, onlyRun, startLosslab, stepFigures, stepsRecorded, trainerOf, type StartedCommand } from '../helpers/commandLine.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';
import { writeRankedJson } from '../helpers/tinyData.ts';

/*
 * A run that is stopped, in whatever way, ends with the same bits and the same history as one that
 * never was. The configuration draws random numbers wherever it can: answers, dropout, schedule.
 */

// Whole processes, several per test: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const folder = sharedFolder();
const data = writeRankedJson(folder);
const epochs = 45;
const settings = { data_path: data, encoder: 'mini', n_layers: 1, embed_dim: 32, n_heads: 2, hidden_dim: 64, dropout: 0.1, schedule: 'cosine', warmup_steps: 5, batch_size: 8, epochs, checkpoint_interval: 3, device: 'cpu' };
const train = ['train', '--config', 'infonce_random', ...Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`])];
const steps = 4 * epochs;

interface Ending {
  readonly encoder: string;
  readonly steps: unknown;
  readonly evaluations: unknown;
}

let neverStopped: Ending;
let milliseconds: number;

function endingOf(home: string): Ending {
  const run = onlyRun(home);
  expect(run).toMatchObject({ state: 'finished', steps_done: steps, failure: null });
  return { encoder: encoderHash(run), steps: stepFigures(home, run.id), evaluations: evaluationFigures(home, run.id) };
}

/** Nothing that a test has started outlives it, however it ends. */
function start(home: string, args: readonly string[]): StartedCommand {
  const command = startLosslab(home, args);
  onTestFinished(async () => {
    command.process.kill('SIGKILL');
    await command.ended;
  });
  return command;
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // It has just ended by itself.
  }
}

const isLinux = existsSync('/proc/self/stat');

describe.skipIf(!isLinux)('a run that was stopped (processes are found through /proc)', () => {
  beforeAll(async () => {
    const home = join(folder, 'never-stopped');
    const started = performance.now();
    const { code, stderr } = await losslab(home, ...train);
    milliseconds = performance.now() - started;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    neverStopped = endingOf(home);
    const losses = (neverStopped.steps as Record<string, { step: number }[]>).loss!;
    expect(losses.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
  });

  test('the trainer killed at random moments, again and again', async () => {
    const home = join(folder, 'killed-trainer');
    const killedAfter: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const command = start(home, attempt === 0 ? train : ['resume', onlyRun(home).id]);
      const trainer = await trainerOf(command);
      const moment = Math.round(milliseconds * (0.1 + 0.5 * Math.random()));
      await sleep(moment);
      kill(trainer, 'SIGKILL');
      const { code, signal, stderr } = await command.ended;
      if (onlyRun(home).state === 'finished') break;
      killedAfter.push(moment);
      // The command outlives its trainer, says what happened, and what to do.
      expect({ code, signal }, `killed after ${killedAfter.join(', ')} ms: ${stderr}`).toEqual({ code: 1, signal: null });
      expect(stderr).toMatch(/is interrupted at step \d+\. Go on with: losslab resume \w{4}-infonce/);
      expect(onlyRun(home).state).toBe('interrupted');
    }
    expect(killedAfter).not.toEqual([]);
    if (onlyRun(home).state !== 'finished') expect((await losslab(home, 'resume', onlyRun(home).id)).code).toBe(0);
    expect(endingOf(home), `killed after ${killedAfter.join(', ')} ms`).toEqual(neverStopped);
  });

  test('the command itself killed: its trainer ends too, and the next command finds the run interrupted', async () => {
    const home = join(folder, 'killed-command');
    const command = start(home, train);
    const trainer = await trainerOf(command);
    await stepsRecorded(home, 40);
    kill(command.process.pid!, 'SIGKILL');
    await command.ended;
    await eventually('the end of the orphaned trainer', () => !isAlive({ pid: trainer, startToken: '' }), 10_000);
    const [run] = (await losslabJson<Run[]>(home, 'runs')) as [Run];
    expect(run).toMatchObject({ state: 'interrupted', failure: null });
    expect(run.steps_done).toBeGreaterThanOrEqual(40);
    expect((await losslab(home, 'resume', run.id)).code).toBe(0);
    expect(endingOf(home)).toEqual(neverStopped);
  });

  test('one interrupt: it stops after a checkpoint', async () => {
    const home = join(folder, 'interrupted-once');
    const command = start(home, train);
    await stepsRecorded(home, 30);
    command.interrupt();
    const { code, stderr } = await command.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('Stopping after a checkpoint');
    const run = onlyRun(home);
    expect(run.state).toBe('stopped');
    expect(stderr).toContain(`is stopped at step ${run.steps_done}. Go on with: losslab resume ${run.id}`);
    // Nothing is lost: the checkpoint is where the history ends.
    expect(existsSync(join(home, 'runs', run.id, `checkpoint-${run.steps_done}.safetensors`))).toBe(true);
    expect(run.steps_done).toBeLessThan(steps);
    expect((await losslab(home, 'resume', run.id)).code).toBe(0);
    expect(endingOf(home)).toEqual(neverStopped);
  });

  test('two interrupts: it stops at once, even when the trainer no longer answers', async () => {
    const home = join(folder, 'interrupted-twice');
    const command = start(home, train);
    const trainer = await trainerOf(command);
    await stepsRecorded(home, 30);
    kill(trainer, 'SIGSTOP');
    command.interrupt();
    await sleep(500);
    expect(isAlive({ pid: command.process.pid!, startToken: '' })).toBe(true);
    const second = performance.now();
    command.interrupt();
    const { code } = await command.ended;
    expect(performance.now() - second).toBeLessThan(10_000);
    expect(code).toBe(1);
    expect(onlyRun(home).state).toBe('interrupted');
    expect((await losslab(home, 'resume', onlyRun(home).id)).code).toBe(0);
    expect(endingOf(home)).toEqual(neverStopped);
  });

  test('a finished run is not trained again', async () => {
    const { code, stderr } = await losslab(join(folder, 'never-stopped'), 'resume', onlyRun(join(folder, 'never-stopped')).id);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is finished/);
  });
});
