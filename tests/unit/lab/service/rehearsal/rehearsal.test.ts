import { expect, test } from 'vitest';
import { launcher } from '../../../../../src/cli/launcher.ts';
import { rehearsalMethods } from '../../../../../src/lab/service/rehearsal/rehearsal.ts';
import { countEvaluations, describeRehearsal } from '../../../../../src/lab/service/rehearsal/figures.ts';
import { resolveConfiguration } from '../../../../../src/shared/configuration.ts';
import type { ExperimentDraft } from '../../../../../src/shared/contract/experiments.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { scriptedWorkers } from '../../../../helpers/scriptedWorker.ts';
import { cancelJob, messagesOf, screen, temporaryContext } from '../../../../helpers/serviceContext.ts';
import { hashes } from '../../../../helpers/syntheticStore.ts';

const draft: ExperimentDraft = {
  name: 'Small',
  dataset: 'sample',
  shared: {
    encoder: 'static',
    embed_dim: 32,
    vocabulary_size: 500,
    device: 'cpu',
    limit: 60,
    batch_size: 8,
    epochs: 2,
  },
  recipes: [{ loss_type: 'infonce' }, { loss_type: 'triplet' }],
  seeds: [1, 2],
};

test('a real rehearsal measures steps, evaluation and memory, and tells what it does', async () => {
  const context = temporaryContext(launcher);
  const connection = screen();
  const rehearsal = await rehearsalMethods(context)['experiments.rehearse'](draft, connection);
  expect(rehearsal).toMatchObject({ device: 'cpu', deviceReason: 'asked for', trainQuestions: 48, testQuestions: 12 });
  expect(rehearsal.runs).toMatchObject([
    { name: 'infonce on infonce', steps: 12, stepsPerEpoch: 6, evaluations: 3, measured: true },
    { name: 'triplet on triplet', steps: 12, stepsPerEpoch: 6, evaluations: 3, measured: true },
  ]);
  for (const { secondsPerStep, totalSeconds } of rehearsal.runs)
    expect(totalSeconds).toBeCloseTo(12 * secondsPerStep + 3 * rehearsal.evaluationSeconds);
  expect(rehearsal.totalSeconds).toBeCloseTo(2 * (rehearsal.runs[0]!.totalSeconds + rehearsal.runs[1]!.totalSeconds));
  expect(rehearsal.memory.bytes).toBeGreaterThan(50e6);
  expect(rehearsal.diskBytes).toBe(4 * 7 * 4 * rehearsal.parameters);
  expect(rehearsal.hashes.plan).toMatch(/^[0-9a-f]{64}$/);
  expect(messagesOf(context.notifications)).toContain('Measuring steps of "infonce on infonce"');
});

test('what a run would refuse, a rehearsal refuses', async () => {
  const rehearse = rehearsalMethods(temporaryContext(launcher))['experiments.rehearse'];
  const error = await labError(
    async () => rehearse({ ...draft, shared: { ...draft.shared, tokenizer: '/no/such/tokenizer.json' } }, screen()),
    'encoder',
  );
  expect(error.fix).not.toBe('');
});

/** A rehearsal whose process says nothing. */
async function waiting() {
  const launcher = scriptedWorkers();
  const context = temporaryContext(launcher);
  const methods = rehearsalMethods(context);
  const rehearsal = methods['experiments.rehearse'](draft, screen()) as Promise<unknown>;
  return { context, methods, rehearsal, worker: await launcher.busy(0) };
}

test.each<[string, (lab: Awaited<ReturnType<typeof waiting>>) => unknown, RegExp]>([
  ['cancelling it', ({ context }) => cancelJob(context), /^The rehearsal was cancelled\.$/],
  [
    'another one',
    ({ methods }) =>
      void (methods['experiments.rehearse']({ ...draft, dataset: 'nowhere' }, screen()) as Promise<unknown>).catch(
        () => undefined,
      ),
    /another one was asked for/,
  ],
])('%s ends its process', async (_, end, message) => {
  const lab = await waiting();
  await end(lab);
  expect((await labError(lab.rehearsal, 'usage')).message).toMatch(message);
  expect(lab.worker.isGone).toBe(true);
});

test('a process that dies is told in words', async () => {
  const { rehearsal, worker } = await waiting();
  worker.exit({ code: 134, killed: false });
  const error = await labError(rehearsal, 'device');
  expect(error.message).toContain('The rehearsal crashed with exit code 134');
  expect(error.fix).toContain('smaller batch_size');
});

test('a budget in minutes ends a run before its epochs do', () => {
  const figures = {
    parameters: 10,
    trainQuestions: 80,
    testQuestions: 20,
    hashes,
    steps: 100,
    stepsPerEpoch: 20,
    recipes: [{ secondsPerStep: 2, measured: true }],
    evaluationSeconds: 5,
    memory: { bytes: 1, availableBytes: null },
  };
  const { runs } = describeRehearsal(
    figures,
    [resolveConfiguration({ max_minutes: 1 })],
    1,
    { device: 'cpu', reason: 'asked for' },
    1000,
  );
  expect(runs).toMatchObject([{ steps: 30, evaluations: 3, totalSeconds: 75 }]);
});

test.each([
  [{ eval_at_zero: true, eval_steps: null }, 40, 3],
  [{ eval_at_zero: false, eval_steps: null }, 40, 2],
  [{ eval_at_zero: false, eval_steps: 5 }, 40, 8],
  [{ eval_at_zero: false, eval_steps: 15 }, 40, 4],
  [{ eval_at_zero: false, eval_steps: 1000 }, 33, 2],
])('evaluations with %o over %i steps of 20 per epoch: %i', (training, steps, evaluations) => {
  expect(countEvaluations(steps, 20, training)).toBe(evaluations);
});
