import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { datasetMethods } from '../../../../../src/lab/service/datasets/datasets.ts';
import type { ExperimentQueue } from '../../../../../src/lab/experiments/queue.ts';
import type { JobOwner } from '../../../../../src/lab/service/jobs/request.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { kaggleFiles } from '../../../../helpers/kaggleServer.ts';
import { cancelJob, screen, temporaryContext } from '../../../../helpers/serviceContext.ts';
import { temporaryFolder } from '../../../../helpers/syntheticStore.ts';
import { tinyQuestions, writeRankedJson } from '../../../../helpers/tinyData.ts';
import { zipOf } from '../../../../helpers/zipWriter.ts';
import { resolveConfiguration } from '../../../../../src/shared/configuration.ts';

/** `status`: what the queue does with an experiment. */
function service(status: ExperimentQueue['status'] = () => null) {
  const context = temporaryContext();
  const methods = datasetMethods(context, { status });
  const connection = screen();
  const importTiny = async (name = 'tiny', questions = tinyQuestions()) =>
    methods['datasets.import'](
      { name, source: { kind: 'json', file: writeRankedJson(temporaryFolder(), questions) } },
      connection,
    );
  const list = async () => methods['datasets.list']({}, connection);
  const details = async (name: string, maxLength?: number) =>
    methods['datasets.details']({ name, maxLength }, connection);
  return { context, methods, connection, importTiny, list, details };
}

test('a fresh home lists the sample, which cannot be deleted', async () => {
  const { methods, connection, list } = service();
  const { datasets, damaged } = await list();
  expect(datasets).toMatchObject([{ name: 'sample', shipped: true, experiments: 0 }]);
  expect(datasets[0]!.bytes).toBeGreaterThan(datasets[0]!.manifest.content.size);
  expect(damaged).toEqual([]);
  await labError(async () => methods['datasets.delete']({ name: 'sample' }, connection), 'usage');
});

test('an import tells every screen how far it is, and that there is a new dataset', async () => {
  const { context, importTiny, list } = service();
  const importing = importTiny();
  await vi.waitFor(() =>
    expect(context.notifications).toContainEqual({
      type: 'jobs',
      jobs: [expect.objectContaining({ title: 'The import of "tiny"', state: 'running' })],
    }),
  );
  const imported = await importing;
  expect(imported).toMatchObject({ name: 'tiny', shipped: false, manifest: { counts: { questions: 40 } } });
  expect(context.notifications).toContainEqual({ type: 'datasets' });
  expect((await list()).datasets).toContainEqual(imported);
});

test('an import that is cancelled leaves nothing behind', async () => {
  const lab = service();
  const importing = lab.importTiny();
  await cancelJob(lab.context);
  expect((await labError(importing, 'usage')).message).toBe('The import of "tiny" was cancelled.');
  expect(readdirSync(lab.context.home.datasets)).toEqual([]);
  expect(lab.context.notifications).not.toContainEqual({ type: 'datasets' });
});

test('an import outlives its screen', async () => {
  const { context, connection, importTiny } = service();
  const importing = importTiny();
  connection.close();
  await importing;
  expect(readdirSync(context.home.datasets)).toEqual(['tiny']);
});

test('an archive is unpacked and imported, and tells its stages', async () => {
  const stages: string[] = [];
  const jobs: JobOwner = {
    run: (request) =>
      request.work({ signal: new AbortController().signal, report: ({ message }) => stages.push(message) }),
  };
  const context = { ...temporaryContext(), jobs };
  const file = join(temporaryFolder(), 'set.zip');
  writeFileSync(file, zipOf(kaggleFiles()));
  const imported = await datasetMethods(context, { status: () => null })['datasets.import'](
    { name: 'set', source: { kind: 'archive', file } },
    screen(),
  );
  expect(imported.manifest).toMatchObject({ counts: { questions: 40 }, origin: { reference: 'set.zip' } });
  expect([...new Set(stages)]).toEqual([
    'Checking the archive',
    'Unpacking the archive',
    'Importing the unpacked files',
  ]);
  expect(readdirSync(context.home.datasets)).toEqual(['set']);
});

test('a bad file is refused in words', async () => {
  const { methods, connection } = service();
  const file = join(temporaryFolder(), 'bad.json');
  writeFileSync(file, 'no JSON at all');
  await labError(
    async () => methods['datasets.import']({ name: 'bad', source: { kind: 'json', file } }, connection),
    'data',
  );
});

test('details count everything', async () => {
  const { importTiny, details } = service();
  await importTiny();
  const found = await details('tiny');
  expect(found.answersPerQuestion).toEqual([0, 10, 10, 10, 10]);
  expect(sum(found.scores.counts)).toBe(100);
  expect(found.scores.edges[0]).toBeLessThanOrEqual(2);
  expect(sum(found.questionTokens.counts)).toBe(40);
  expect(sum(found.answerTokens.counts)).toBe(100);
  expect(found.tokenisedTexts).toBe(140);
  expect(found.truncated).toEqual({ questions: 0, answers: 0, maxLength: 128 });
  expect(found.examples).toHaveLength(5);
  expect(found.examples[0]!.question).toMatch(/^Why does the/);
  expect(found.examples[0]!.answers[0]).toMatchObject({ text: expect.stringMatching(/^It will/) as string, score: 8 });
});

test('details are kept, for any length limit, and made again where the copy is damaged', async () => {
  const { context, importTiny, details } = service();
  await importTiny();
  const first = await details('tiny');
  const folder = join(context.home.cache, 'profiles');
  const [name] = readdirSync(folder);
  rmSync(join(context.home.datasets, 'tiny', 'questions.jsonl'));
  const short = await details('tiny', 8);
  expect(short).toMatchObject({ examples: first.examples, truncated: { questions: 1, answers: 1, maxLength: 8 } });
  writeFileSync(join(folder, name!), '{"answersPerQuestion"');
  await labError(details('tiny'), 'data');
});

test('a damaged dataset is listed apart, and can be deleted', async () => {
  const { context, methods, connection, importTiny, list } = service();
  await importTiny();
  writeFileSync(join(context.home.datasets, 'tiny', 'manifest.json'), '{');
  expect((await list()).damaged).toEqual([{ name: 'tiny', problem: expect.stringContaining('not JSON') as string }]);
  await methods['datasets.delete']({ name: 'tiny' }, connection);
  expect(readdirSync(context.home.datasets)).toEqual([]);
  expect(await list()).toMatchObject({ damaged: [], datasets: [{ name: 'sample' }] });
});

test('a dataset stays while an experiment trains on it', async () => {
  const { context, methods, connection, importTiny, list } = service();
  const { manifest } = await importTiny();
  const configuration = resolveConfiguration({});
  const experiment = context.store.createExperiment({
    name: 'First',
    dataset: { name: 'tiny', hash: manifest.content.sha256 },
    configuration,
  });
  const run = context.store.createRun({ experiment: experiment.id, configuration });
  context.store.claim(run.id);
  expect((await list()).datasets).toContainEqual(expect.objectContaining({ name: 'tiny', experiments: 1 }));
  const refusal = await labError(async () => methods['datasets.delete']({ name: 'tiny' }, connection), 'usage');
  expect(refusal.message).toContain('the experiment "First" is using it');
  context.store.setState(run.id, 'stopped');
  await methods['datasets.delete']({ name: 'tiny' }, connection);
  expect(existsSync(join(context.home.datasets, 'tiny'))).toBe(false);
});

test('a dataset stays while an experiment waits to train on it', async () => {
  const { context, methods, connection, importTiny } = service(() => 'waiting');
  const { manifest } = await importTiny();
  context.store.createExperiment({
    name: 'First',
    dataset: { name: 'tiny', hash: manifest.content.sha256 },
    configuration: resolveConfiguration({}),
  });
  await labError(async () => methods['datasets.delete']({ name: 'tiny' }, connection), 'usage');
  expect(existsSync(join(context.home.datasets, 'tiny'))).toBe(true);
});

test.each(['nowhere', '../datasets', ''])('there is no dataset "%s" to delete', async (name) => {
  const { methods, connection } = service();
  await labError(async () => methods['datasets.delete']({ name }, connection), 'data');
});

test('a table is looked at, then imported as its columns were understood', async () => {
  const { methods, connection, details } = service();
  const file = join(temporaryFolder(), 'own.csv');
  writeFileSync(file, 'Query;Passage\nfirst;one\nfirst;two\nsecond;three\n');
  const { format, mapping, problems } = await methods['datasets.preview']({ file }, connection);
  expect(problems).toEqual([]);
  const { question, answer } = mapping;
  await methods['datasets.import'](
    {
      name: 'own',
      source: { kind: 'table', file, format, mapping: { question: question!, answer: answer! } },
    },
    connection,
  );
  expect((await details('own')).answersPerQuestion).toEqual([0, 1, 1]);
});

test('verification tells a sound dataset from an altered, a torn and a wrongly counted one', async () => {
  const { context, methods, connection, importTiny } = service();
  const verify = async (name: string) => (await methods['datasets.verify']({ name }, connection)).problems;
  const { manifest } = await importTiny();
  const folder = join(context.home.datasets, 'tiny');
  expect(await verify('tiny')).toEqual([]);
  const questions = readFileSync(join(folder, 'questions.jsonl'), 'utf8');
  writeFileSync(join(folder, 'questions.jsonl'), questions.replace('Why', 'Who'));
  expect(await verify('tiny')).toEqual([expect.stringContaining('questions.jsonl was altered') as string]);
  writeFileSync(join(folder, 'questions.jsonl'), questions.slice(0, -5));
  expect(await verify('tiny')).toEqual([
    expect.stringMatching(/questions\.jsonl has \d+ bytes; its manifest says/) as string,
  ]);
  writeFileSync(join(folder, 'questions.jsonl'), questions);
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify({ ...manifest, counts: { ...manifest.counts, answers: 7 } }),
  );
  expect(await verify('tiny')).toEqual(['The manifest says answers: 7; found: 100.']);
  await labError(verify('nowhere'), 'data');
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
