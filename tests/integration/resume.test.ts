import { existsSync, mkdirSync, rmSync } from 'node:fs';
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
import { tinyQuestions, writeRankedJson } from '../helpers/tinyData.ts';
import { tinyMiniLm, writeModel } from '../helpers/tinyModels.ts';

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
function start(home: string, args = train(), cwd?: string): StartedCommand {
  const command = startLosslab(home, args, cwd);
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

describe('what a run keeps', () => {
  test('its paths are absolute: it is resumed from another folder, and its dataset imported again where it is gone', async () => {
    const home = join(folder, 'moved');
    const place = join(folder, 'place');
    const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'gradient', 'kernel'];
    writeModel(join(place, 'model'), tinyMiniLm(), { dtype: 'F32' }, { 'vocab.txt': words.join('\n') });
    writeRankedJson(place);
    const settings = { data_path: 'ranked_qa.json', encoder: './model', batch_size: 8, epochs: 500, device: 'cpu' };
    const set = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const command = start(home, ['train', '--config', 'infonce_standard', ...set], place);
    await stepsRecorded(home, 2);
    command.interrupt();
    await command.ended;
    const stopped = onlyRun(home);
    expect(stopped.configuration).toMatchObject({
      data_path: join(place, 'ranked_qa.json'),
      encoder: { source: join(place, 'model'), folder: join(place, 'model') },
    });
    rmSync(join(home, 'datasets'), { recursive: true });
    const resumed = start(home, ['resume', stopped.id], folder);
    await stepsRecorded(home, stopped.steps_done + 2);
    resumed.interrupt();
    expect((await resumed.ended).stdout).toContain(`again as dataset ${stopped.dataset.name}`);
    expect(onlyRun(home)).toMatchObject({ state: 'stopped', start: { hashes: stopped.start!.hashes } });
  });

  test('with --data its dataset is the one that was named, not the one that the configuration names', async () => {
    const home = join(folder, 'named');
    mkdirSync(join(folder, 'other'));
    const other = writeRankedJson(join(folder, 'other'), tinyQuestions(24));
    expect((await losslab(home, 'import', '--json', other, '--name', 'mine')).code).toBe(0);
    const command = start(home, [...train(), '--data', 'mine']);
    await stepsRecorded(home, 2);
    command.interrupt();
    await command.ended;
    const stopped = onlyRun(home);
    expect(stopped).toMatchObject({ configuration: { data_path: null }, dataset: { name: 'mine' } });
    const resumed = start(home, ['resume', stopped.id]);
    await stepsRecorded(home, stopped.steps_done + 2);
    resumed.interrupt();
    await resumed.ended;
    expect(onlyRun(home).start).toMatchObject({ train_questions: 20, test_questions: 4 });
  });
});

test('a finished run is not trained again', async () => {
  const home = join(folder, 'finished');
  expect((await losslab(home, ...train(1))).code).toBe(0);
  const { code, stderr } = await losslab(home, 'resume', onlyRun(home).id);
  expect(code).toBe(1);
  expect(stderr).toMatch(/is finished/);
});
