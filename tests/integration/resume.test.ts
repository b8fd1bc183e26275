import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isAlive } from '../../src/lab/base/processIdentity.ts';
import {
  losslab,
  onlyRun,
  startLosslab,
  stepsRecorded,
  trainerOf,
  type StartedCommand,
} from '../helpers/commandLine.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';
import { writeRankedJson } from '../helpers/tinyData.ts';

/* What people are told when a run is stopped, and how. That it goes on with the same bits is tried by checks/faults/resume.ts and checks/faults/kill.ts. */

// Whole processes: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });

const folder = sharedFolder();
const data = writeRankedJson(folder);

/** Without a number of epochs that it is stopped in, a run does not end before the test does. */
function train(epochs = 500): string[] {
  const settings = { data_path: data, encoder: 'static', embed_dim: 16, batch_size: 8, epochs, device: 'cpu' };
  return [
    'train',
    '--config',
    'infonce_standard',
    ...Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  ];
}

/** Nothing that a test has started outlives it, however it ends. */
function start(home: string): StartedCommand {
  const command = startLosslab(home, train());
  onTestFinished(async () => {
    command.process.kill('SIGKILL');
    await command.ended;
  });
  return command;
}

describe.skipIf(!existsSync('/proc/self/stat'))('a run that is stopped (processes are found through /proc)', () => {
  test('its trainer killed: the command says what may have happened, and what to do', async () => {
    const home = join(folder, 'killed-trainer');
    const command = start(home);
    const trainer = await trainerOf(command);
    await stepsRecorded(home, 5);
    process.kill(trainer, 'SIGKILL');
    const { code, signal, stderr } = await command.ended;
    expect({ code, signal }).toEqual({ code: 1, signal: null });
    const run = onlyRun(home);
    expect(run).toMatchObject({ state: 'interrupted', failure: { code: 'device' } });
    expect(stderr).toContain(`is interrupted at step ${run.steps_done}: The training process was killed, or crashed`);
    expect(stderr).toContain(`Resume it with: losslab resume ${run.id}`);
  });

  test('one interrupt: it stops after a checkpoint', async () => {
    const home = join(folder, 'interrupted-once');
    const command = start(home);
    await stepsRecorded(home, 5);
    command.interrupt();
    const { code, stderr } = await command.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('Stopping after a checkpoint');
    const run = onlyRun(home);
    expect(run.state).toBe('stopped');
    expect(stderr).toContain(`is stopped at step ${run.steps_done}.\nResume it with: losslab resume ${run.id}`);
    // Nothing is lost: the checkpoint is where the history ends.
    expect(existsSync(join(home, 'runs', run.id, `checkpoint-${run.steps_done}.safetensors`))).toBe(true);
  });

  test('two interrupts: it stops at once, even when the trainer no longer answers', async () => {
    const home = join(folder, 'interrupted-twice');
    const command = start(home);
    const trainer = await trainerOf(command);
    await stepsRecorded(home, 5);
    process.kill(trainer, 'SIGSTOP');
    command.interrupt();
    await sleep(500);
    expect(isAlive({ pid: command.process.pid!, startToken: '' })).toBe(true);
    const second = performance.now();
    command.interrupt();
    const { code } = await command.ended;
    expect(performance.now() - second).toBeLessThan(10_000);
    expect(code).toBe(1);
    // It was asked for: there is nothing to explain.
    expect(onlyRun(home)).toMatchObject({ state: 'interrupted', failure: null });
  });
});

test('a finished run is not trained again', async () => {
  const home = join(folder, 'finished');
  expect((await losslab(home, ...train(1))).code).toBe(0);
  const { code, stderr } = await losslab(home, 'resume', onlyRun(home).id);
  expect(code).toBe(1);
  expect(stderr).toMatch(/is finished/);
});
