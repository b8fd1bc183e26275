import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { openHome } from '../../src/lab/files/home.ts';
import { losslab, losslabJson } from '../helpers/commandLine.ts';
import { differences } from '../helpers/difference.ts';
import {
  oldAnswers,
  oldFiles,
  oldRuns,
  oldSentences,
  origin,
  readExpectedText,
  unpackOldHome,
} from '../helpers/oldAnswers.ts';
import {
  apart,
  calls,
  endOf,
  expectedFile,
  hashesOf,
  named,
  questionsAboutEncoders,
  questionsAboutHistory,
  scoresIn,
  settled,
  verdictTexts,
  writtenFiles,
  writtenRankings,
  writtenTexts,
} from '../helpers/oldHome.ts';
import { processorKind } from '../helpers/processor.ts';
import { scriptedLab } from '../helpers/scriptedTrainer.ts';
import { sharedFolder } from '../helpers/sharedFolder.ts';

/*
 * A home that LossLab 0.1 wrote says today what it said then: every run, state, figure, verdict and export. Sentences
 * lie in files of their own, because they may be worded anew: where that was intended,
 * `npx vitest run tests/integration/oldHome.test.ts -u` takes over verdicts.txt and sentences.json.
 */

// Whole processes, several per test: a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 });

const folder = sharedFolder();
const home = join(folder, 'home');
const places = {
  [home]: '<home>',
  [origin.home]: '<home>',
  [join(import.meta.dirname, '../..')]: '<application>',
} as const;
const sameProcessor = origin.processor === processorKind();

beforeAll(() => {
  unpackOldHome(home);
  mkdirSync(join(folder, 'written'));
});

/** Figures and sentences of an answer, as the fixture has them. */
function taken(answer: unknown): ReturnType<typeof apart> {
  return apart(settled(answer, places));
}

/** Today's answers to questions whose sentences are compared, too, once each. */
const answers = new Map<string, Promise<ReturnType<typeof apart>>>();

function answerTo(question: readonly string[]): Promise<ReturnType<typeof apart>> {
  const name = named(question);
  if (!answers.has(name)) answers.set(name, losslabJson(home, ...question).then(taken));
  return answers.get(name)!;
}

describe('the command line answers from the history of 0.1', () => {
  const questions = questionsAboutHistory(oldRuns);

  test.each(questions.map((question) => ({ name: named(question), question })))('losslab $name', async (asked) => {
    expect(differences((await answerTo(asked.question)).figures, oldAnswers[asked.name])).toEqual([]);
  });

  test('in the same sentences', async () => {
    const said: Record<string, unknown> = {};
    for (const question of questions.filter((each) => named(each) in oldSentences)) {
      said[named(question)] = (await answerTo(question)).sentences;
    }
    await expect(`${JSON.stringify(said, null, 2)}\n`).toMatchFileSnapshot(expectedFile('sentences.json'));
  });

  test('verdicts as they are printed', async () => {
    const printed = new Map<string, string>();
    for (const question of questions.filter(([command]) => command === 'verdict')) {
      printed.set(named(question), (await losslab(home, ...question)).stdout);
    }
    const texts = verdictTexts(oldRuns, (question) => printed.get(named(question))!);
    await expect(texts).toMatchFileSnapshot(expectedFile('verdicts.txt'));
  });
});

test('screens get what they got', async () => {
  const { screen } = scriptedLab(openHome(home));
  for (const [method, input] of calls(oldRuns)) {
    const answer = await screen.call(method, input);
    const name = named([method, JSON.stringify(input)]);
    expect(differences(taken(answer).figures, oldAnswers[name]), name).toEqual([]);
  }
});

describe('exports', () => {
  test.each(Object.entries(writtenTexts(oldRuns)))('%s, letter by letter', async (name, command) => {
    const file = join(folder, 'written', name);
    expect(await losslab(home, ...command(file))).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(readExpectedText(name));
  });

  test.each(Object.entries(writtenFiles(oldRuns)))('%s, byte by byte', async (name, command) => {
    const out = join(folder, 'written', name);
    expect(await losslab(home, ...command(out))).toMatchObject({ code: 0 });
    const before = Object.entries(oldFiles).filter(([path]) => path.split('/')[0] === name);
    expect(before).not.toEqual([]);
    expect(hashesOf(out, name)).toEqual(Object.fromEntries(before));
  });
});

describe('encoders of 0.1', () => {
  const precision = sameProcessor
    ? 'bit by bit, because the processor is of the kind that made the fixture'
    : 'within 1e-4, because the processor is not of the kind that made the fixture';

  test(`rank test questions as before, ${precision}`, async () => {
    const out = join(folder, 'written', 'trec');
    expect(await losslab(home, ...writtenRankings(oldRuns)(out))).toMatchObject({ code: 0 });
    // Version 0.1 wrote no files for BM25 and untrained encoders.
    const scores = Object.fromEntries(
      Object.entries(scoresIn(out)).filter(([file]) => Object.hasOwn(oldAnswers.scores as object, file)),
    );
    expect(differences(scores, oldAnswers.scores, sameProcessor ? 0 : 1e-4)).toEqual([]);
  });

  test
    .runIf(sameProcessor)
    .each(questionsAboutEncoders(oldRuns).map((question) => ({ name: named(question), question })))(
    'losslab $name (on a processor of the same kind only)',
    async ({ name, question }) => {
      expect(differences((await answerTo(question)).figures, oldAnswers[name])).toEqual([]);
    },
  );

  test(`a run that was stopped is resumed from its checkpoint and ends as it would have ended${sameProcessor ? '' : ' (its figures are compared on a processor of the same kind only)'}`, async () => {
    const copy = join(folder, 'resumed');
    unpackOldHome(copy);
    const [, run] = oldRuns.stopped;
    await losslabJson(copy, 'resume', run);
    const end = endOf(await losslabJson(copy, 'show', run));
    const { evaluations, ...rest } = oldAnswers.resumed as { evaluations: unknown };
    expect(differences(end, sameProcessor ? { ...rest, evaluations } : rest)).toEqual([]);
  });
});
