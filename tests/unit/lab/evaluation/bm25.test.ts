import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { candidateAnalyzers, termsOf } from '../../../../src/lab/evaluation/analyzers.ts';
import { Bm25 } from '../../../../src/lab/evaluation/bm25.ts';
import { bm25Results, evaluateBm25, strongestAnalyzer } from '../../../../src/lab/evaluation/bm25Baseline.ts';
import { buildCorpus } from '../../../../src/lab/data/corpus.ts';
import { sampleFolder } from '../../../../src/lab/data/findDataset.ts';
import { readManifest } from '../../../../src/lab/data/datasetFolder.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

const wordsOf = termsOf('words');
const documents = ['The cat sat on the mat', 'A dog, a dog and a cat', 'Nothing here', 'mat mat mat'];

/** The formula as it is written down (Lucene's BM25Similarity), document by document. */
function formula(query: string, document: string): number {
  const meanLength = documents.reduce((sum, text) => sum + wordsOf(text).length, 0) / documents.length;
  return wordsOf(query).reduce((score, word) => {
    const containing = documents.filter((text) => wordsOf(text).includes(word)).length;
    const count = wordsOf(document).filter((each) => each === word).length;
    const idf = Math.log(1 + (documents.length - containing + 0.5) / (containing + 0.5));
    return score + (idf * count) / (count + 1.2 * (1 - 0.75 + (0.75 * wordsOf(document).length) / meanLength));
  }, 0);
}

describe('scores', () => {
  const bm25 = new Bm25(documents, 'words');

  test.each(['cat', 'a cat on a mat', 'dog dog', 'unheard of', ''])('of "%s" are those of the formula', (query) => {
    const scores = new Float32Array(documents.length);
    bm25.addScores(query, scores);
    documents.forEach((document, i) => expect(scores[i]).toBeCloseTo(formula(query, document), 5));
  });
});

test('words are runs of letters and digits of any script, in lower case', () => {
  expect(wordsOf('Über-Fit: R² = 0.9, 数据!')).toEqual(['über', 'fit', 'r²', '0', '9', '数据']);
});

test('an evaluation ranks the answers of all test questions', async () => {
  const answer = (id: string, body: string) => ({ id, body, score: 1, accepted: false });
  const { questions, texts } = buildCorpus([
    { id: 'q1', title: 'cat', body: '', score: 0, answers: [answer('a', 'the cat'), answer('b', 'no idea')] },
    { id: 'q2', title: 'dog', body: '', score: 0, answers: [answer('c', 'cat'), answer('d', 'a dog')] },
  ]);
  const { question_ids, values } = await evaluateBm25(questions, texts, 'words');
  expect(question_ids).toEqual(['q1', 'q2']);
  // "cat" alone is shorter than "the cat"; "dog" finds d first, and c after it by its id.
  expect([...values['mrr@10']!].map((value) => value.toFixed(3))).toEqual(['0.500', (1 / 4).toFixed(3)]);
  expect([...values['mrr@10_own']!]).toEqual([0.5, 1]);
});

describe('results on a dataset', () => {
  test('are kept, and made again where what is kept is damaged', async () => {
    const cache = temporaryFolder();
    const { content } = await readManifest(sampleFolder);
    const split = { limit: 100, validationSize: 0, testSize: 0.2, seed: 42, method: 'losslab' as const };
    const data = { folder: sampleFolder, name: 'sample', hash: content.sha256, split };
    const first = await bm25Results(data, cache);
    expect(first.question_ids).toHaveLength(20);
    const [name] = readdirSync(join(cache, 'bm25'));
    const file = join(cache, 'bm25', name!);
    expect(await bm25Results(data, cache)).toEqual(first);
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length / 2));
    expect(await bm25Results(data, cache)).toEqual(first);
    expect(readFileSync(file)).toEqual(bytes);
    await bm25Results({ ...data, split: { ...split, seed: 1 } }, cache);
    expect(readdirSync(join(cache, 'bm25'))).toHaveLength(2);
    const asPython = await bm25Results({ ...data, split: { ...split, method: 'python' } }, cache);
    expect(asPython.question_ids).not.toEqual(first.question_ids);
  });
});

describe('analyzers', () => {
  test('English: without stop words, stemmed', () => {
    expect(termsOf('english')('The running dogs are not in the houses')).toEqual(['run', 'dog', 'hous']);
  });

  test('pairs of characters where a script has no spaces, words elsewhere', () => {
    expect(termsOf('pairs')('如何煮鸡蛋 with GPU加速')).toEqual([
      '如何',
      '何煮',
      '煮鸡',
      '鸡蛋',
      'with',
      'gpu',
      '加速',
    ]);
    expect(termsOf('pairs')('水')).toEqual(['水']);
    expect(termsOf('pairs')('ต้มไข่')).toEqual(['ต้', '้ม', 'มไ', 'ไข', 'ข่']);
    expect(termsOf('english')('鸡蛋 running')).toEqual(['鸡蛋', 'run']);
  });

  test.each([
    ['How do I boil an egg so that it is not too hard?', ['words', 'english']],
    ['Wie koche ich ein Ei, so dass es nicht zu hart ist und die Schale sich löst?', ['words', 'german']],
    ['怎样煮鸡蛋？把鸡蛋放进冷水里', ['words', 'pairs']],
    ['ゆで卵はどうやって作りますか', ['words', 'pairs']],
    ['xyzzy plugh', ['words']],
  ])('that may suit "%s"', (text, candidates) => {
    expect(candidateAnalyzers([text])).toEqual(candidates);
  });

  test('the one that is strongest on training questions is taken', async () => {
    const topics = '鸡蛋 面包 牛奶 轮胎 电池 天空 海洋 森林 音乐 数学'.split(' ');
    const { questions, texts } = buildCorpus(
      topics.map((topic, i) => ({
        id: `q${i}`,
        title: `如何处理${topic}才好`,
        body: '',
        score: 0,
        answers: [{ id: `a${i}`, body: `关于${topic}的说明在这里`, score: 1, accepted: true }],
      })),
    );
    expect(await strongestAnalyzer(questions, texts)).toBe('pairs');
    const { values } = await evaluateBm25(questions, texts, 'pairs');
    expect([...values['mrr@10']!]).toEqual(topics.map(() => 1));
  });
});
