import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import type { Comparison } from '../../src/shared/comparison.ts';
import type { Inspection, QuestionPage, WinList } from '../../src/shared/contract/inspector.ts';
import { losslab, losslabJson } from '../helpers/commandLine.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';
import { writeRankedJson } from '../helpers/tinyData.ts';

// Whole processes, several per test: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const folder = sharedFolder();
const home = join(folder, 'home');
/** Ids of runs by recipe, seeds ascending. */
let infonce: readonly string[];
let triplet: readonly string[];

beforeAll(async () => {
  await losslabJson(home, 'import', '--json', writeRankedJson(folder), '--name', 'tiny');
  const trained = await losslabJson<Comparison>(
    home,
    'train',
    '--config',
    'infonce_standard',
    'triplet_hard_neg',
    '--data',
    'tiny',
    '--seeds',
    '1',
    '2',
    '--device',
    'cpu',
    '--set',
    'batch_size=8',
    '--set',
    'epochs=2',
    '--set',
    'embed_dim=32',
    '--set',
    'test_size=0.4',
  );
  const of = (loss: string): string[] =>
    trained.runs
      .filter(({ recipe }) => recipe.loss.name === loss)
      .sort((a, b) => a.seed - b.seed)
      .map(({ id }) => id);
  [infonce, triplet] = [of('infonce'), of('triplet')];
});

/** Of the last evaluation, or that of the untrained encoder. */
function storedValues(run: string, metric: string, untrained = false): Map<string, number> {
  using store = openStore(openHome(home));
  const step = untrained ? 0 : store.evaluations(run).at(-1)!.step;
  const { question_ids, values } = store.perQuery(run, step, metric);
  return new Map(question_ids.map((id, index) => [id, values[index]!]));
}

describe('losslab inspect', () => {
  test('lists test questions, and finds some by their words', async () => {
    const all = await losslabJson<QuestionPage>(home, 'inspect');
    expect(all).toMatchObject({ dataset: 'tiny', testQuestions: 16, total: 16 });
    const found = await losslabJson<QuestionPage>(home, 'inspect', '--find', all.questions[3]!.title);
    expect(found.questions.map(({ id }) => id)).toContain(all.questions[3]!.id);
    const { stdout } = await losslab(home, 'inspect', '--find', 'nothing has these words');
    expect(stdout).toContain('0 of 16 test questions of tiny');
  });

  test('ranks give every question the value that its evaluation has stored: trained and untrained', async () => {
    const { questions } = await losslabJson<QuestionPage>(home, 'inspect');
    for (const { id } of questions.slice(0, 2)) {
      const found = await losslabJson<Inspection>(home, 'inspect', infonce[0]!, triplet[1]!, '--question', id);
      expect(found.columns.map(({ key, seed, problem }) => ({ key, seed, problem }))).toEqual([
        { key: 'untrained', seed: 1, problem: null },
        { key: 'bm25', seed: null, problem: null },
        { key: infonce[0], seed: 1, problem: null },
        { key: triplet[1], seed: 2, problem: null },
      ]);
      for (const metric of ['mrr@10', 'map@100', 'recall@3_own']) {
        expect(found.columns[0]!.values![metric]).toBeCloseTo(storedValues(infonce[0]!, metric, true).get(id)!, 6);
        for (const column of found.columns.slice(2))
          expect(column.values![metric]).toBeCloseTo(storedValues(column.key, metric).get(id)!, 6);
      }
    }
  });

  test('a table of ranks, no wider than a terminal', async () => {
    const { questions } = await losslabJson<QuestionPage>(home, 'inspect');
    const { code, stdout, stderr } = await losslab(
      home,
      'inspect',
      infonce[0]!,
      triplet[0]!,
      '--question',
      questions[2]!.id,
      '--top',
      '3',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('The first 3 of');
    expect(stdout).toMatch(/^C InfoNCE Standard +1 +[01]\.\d{4}$/m);
    expect(stdout).toMatch(/^best +\d+ +\d+ +[↑↓]?\d+ +[↑↓]?\d+ +[↑↓]?\d+ /m);
    for (const line of stdout.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(100);
  });

  test('any text, against all answers', async () => {
    const found = await losslabJson<Inspection>(
      home,
      'inspect',
      infonce[0]!,
      '--query',
      'my kernel seems to drift',
      '--corpus',
      'all',
      '--top',
      '4',
    );
    expect(found).toMatchObject({ question: null, corpus: 'all', documents: 100, top: 4 });
    expect(found.answers.every(({ role }) => role === 'other')).toBe(true);
    expect((await losslab(home, 'inspect', '--query', 'my kernel')).stdout).toMatch(/^A untrained +1$/m);
  });

  test('wins and losses are the differences of the stored values, seeds averaged', async () => {
    const list = await losslabJson<WinList>(home, 'inspect', '--wins', infonce[1]!, triplet[0]!, '--top', '5');
    const [a, b] = [infonce, triplet].map((runs) => {
      const [first, second] = runs.map((run) => storedValues(run, 'mrr@10'));
      return new Map([...first!].map(([id, value]) => [id, (value + second!.get(id)!) / 2]));
    });
    const differences = [...a!].map(([id, value]) => value - b!.get(id)!);
    expect(list.questions).toBe(16);
    expect(list.wins).toBe(differences.filter((value) => value > 1e-9).length);
    expect(list.losses).toBe(differences.filter((value) => value < -1e-9).length);
    for (const row of [...list.largestWins, ...list.largestLosses])
      expect([row.a, row.b]).toEqual([a!.get(row.question), b!.get(row.question)]);
    const { stdout } = await losslab(home, 'inspect', '--losses', infonce[0]!, 'bm25');
    expect(stdout).toContain('A: InfoNCE Standard, mean of 2 seeds, mrr@10');
    expect(stdout).toContain('B: BM25, mrr@10');
    expect((await losslab(home, 'inspect', '--wins', infonce[0]!)).stderr).toContain(
      '--wins and --losses compare two runs; 1 were given.',
    );
  });

  test('questions that are none, and options that do not go together, are refused in words', async () => {
    const missing = await losslab(home, 'inspect', '--question', 'none');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain(
      'Question none is not a test question of these runs: the dataset "tiny" has no question with this id.',
    );
    const both = await losslab(home, 'inspect', '--question', '1', '--query', 'text');
    expect(both.code).toBe(1);
    expect(both.stderr).toMatch(
      /option '--(query <text>|question <id>)' cannot be used with option '--(question <id>|query <text>)'/,
    );
  });

  // Last: it takes things away.
  test('an encoder that is gone is said, the others are ranked; without the dataset, values remain', async () => {
    using store = openStore(openHome(home));
    rmSync(store.getRun(infonce[0]!).encoder!, { recursive: true });
    const { code, stdout } = await losslab(home, 'inspect', infonce[0]!, triplet[0]!, '--query', 'a kernel');
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain('InfoNCE Standard, seed 1 is not ranked: The encoder of run');
    expect(stdout).toMatch(/^C Triplet with Hard Negatives +1$/m);
    rmSync(join(home, 'datasets', 'tiny'), { recursive: true });
    expect((await losslab(home, 'inspect', '--query', 'a kernel')).stderr).toContain('There is no dataset "tiny".');
    const wins = await losslab(home, 'inspect', '--wins', infonce[0]!, triplet[0]!);
    expect(wins.code).toBe(0);
    expect(wins.stdout).toContain('16 test questions');
  });
});
