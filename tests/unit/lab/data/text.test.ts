import { readFileSync } from 'node:fs';
import { decodeHTML } from 'entities';
import { describe, expect, test } from 'vitest';
import { questionText } from '../../../../src/lab/data/dataset.ts';
import { cleanHtml, collapseWhiteSpace, countWords } from '../../../../src/lab/data/text.ts';

describe('cleanHtml', () => {
  test.each([
    ['tags become spaces', '<p>one</p><p>two</p>', 'one two'],
    ['entities are decoded', 'x &lt; 5 &amp;&amp; y &gt; 3, caf&eacute; &#8212; &#x2014;', 'x < 5 && y > 3, café — —'],
    ['white space collapses, non-breaking too', ' a\r\n\tb&nbsp;&nbsp;c\u00a0d ', 'a b c d'],
    [
      'markup written as text stays text',
      '<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>',
      '<script>alert(1)</script>',
    ],
    [
      'scripts and styles go with their content',
      'a<SCRIPT type="x">if (1 < 2) {}</Script >b<style>p{}</style>c',
      'a b c',
    ],
    ['a script that never closes', 'a<script>b<p>c', 'a b c'],
    ['an element whose name begins like script', '<scripture>word</scripture>', '<scripture>word</scripture>'],
    ['comments', 'a<!-- <p>no</p> -->b<!-- never closed', 'a b<!-- never closed'],
    ['a "<" that begins no tag', 'a < b and c <5> d', 'a < b and c <5> d'],
    ['a tag that never closes', 'a <b', 'a <b'],
    ['attributes', '<a href="http://x.org/?a=1&amp;b=2" rel="nofollow">link</a>', 'link'],
    ['nothing but markup', '<p>&nbsp;</p>\n<img src="x">', ''],
    ['twice-encoded entities are decoded once', '&amp;lt;', '&lt;'],
  ])('%s', (_, html, text) => {
    expect(cleanHtml(html)).toBe(text);
  });

  test('takes time in proportion to the text, whatever it holds', () => {
    for (const piece of ['<', '<a ', '<!--', '<script>', '&', '<a "', '</', '&lt']) {
      const start = performance.now();
      cleanHtml(`${piece.repeat(300_000)}>`);
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });

  test('gives the texts of the reference strategies', () => {
    const { items, expected } = JSON.parse(
      readFileSync(new URL('../../../fixtures/strategies.json', import.meta.url), 'utf8'),
    ) as {
      items: { question: { id: string; title: string; body: string }; answers: { id: string; body: string }[] }[];
      expected: { strategy: string; q: string[]; a: string[]; questionIds: string[]; answer_ids: string[] }[];
    };
    const questions = new Map(items.map(({ question }) => [question.id, question]));
    const answers = new Map(items.flatMap((item) => item.answers).map((answer) => [answer.id, answer.body]));
    const reference = (text: string): string => collapseWhiteSpace(decodeHTML(text));

    const { q, a, questionIds, answer_ids: answerIds } = expected.find(({ strategy }) => strategy === 'infonce')!;
    expect(q.length).toBeGreaterThan(5);
    for (const [i, id] of questionIds.entries()) {
      const question = questions.get(id)!;
      expect(questionText({ title: question.title, body: cleanHtml(question.body) })).toBe(reference(q[i]!));
      expect(cleanHtml(answers.get(answerIds[i]!)!)).toBe(reference(a[i]!));
    }
  });
});

test('countWords counts what is between spaces', () => {
  expect(['', 'one', 'one two', 'a b c'].map(countWords)).toEqual([0, 1, 2, 3]);
});
