import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDataset } from '../../../../src/lab/data/datasetFolder.ts';
import { importDataset, type ImportOptions } from '../../../../src/lab/data/importDataset.ts';
import { importPair, dataFile, dataFolder, labError, realData } from '../../../helpers/dataFiles.ts';

const declaration = '<?xml version="1.0" encoding="utf-8"?>\n';
const dump = (rows: string): string => `${declaration}<posts>\n${rows}</posts>\n`;
const question = (id: number, more = ''): string =>
  `  <row Id="${id}" PostTypeId="1" Score="${id}" Title="Title ${id}" Body="&lt;p&gt;Body ${id}&lt;/p&gt;" ${more}/>\n`;
const answer = (id: number, parent: number, more = 'Score="1"'): string =>
  `  <row Id="${id}" PostTypeId="2" ParentId="${parent}" Body="Answer ${id}" ${more}/>\n`;
/** Enough sound posts beside a bad one for the file to be read. */
const sound = question(1) + answer(101, 1) + question(2) + answer(102, 2);

async function importXml(content: string | Buffer, options: Partial<ImportOptions> = {}) {
  return importPath(dataFile('Posts.xml', content), options);
}

async function importPath(file: string, options: Partial<ImportOptions> = {}) {
  const home = join(dataFolder(), 'home');
  const { folder, manifest } = await importDataset({ home, name: 'test', source: { kind: 'posts', file }, ...options });
  return { manifest, questions: (await readDataset(folder)).questions };
}

/** The refusal of a file, of which nothing is left in the home folder. */
async function refusal(content: string | Buffer) {
  const home = join(dataFolder(), 'home');
  const error = await labError(importXml(content, { home }), 'data');
  expect(readdirSync(join(home, 'datasets'))).toEqual([]);
  return error;
}

describe('what is imported', () => {
  test('questions in file order with ranked answers, wherever these stand, and what is accepted', async () => {
    const { questions, manifest } = await importXml(
      dump(
        answer(11, 9, 'Score="-2"') + // before its question
          `  <row Id="9" PostTypeId="1" AcceptedAnswerId="11" Score="7" Title="Is a &lt; b?" Body="&lt;p&gt;Why &amp;amp; how&lt;/p&gt;&#xA;" Tags="&lt;x&gt;"/>\n` +
          question(2) +
          answer(12, 9, 'Score="10"') +
          answer(13, 2) +
          answer(14, 9, 'Score="10"'),
      ),
    );
    expect(questions).toEqual([
      {
        id: '9',
        title: 'Is a < b?',
        body: 'Why & how',
        score: 7,
        answers: [
          { id: '12', body: 'Answer 12', score: 10, accepted: false },
          { id: '14', body: 'Answer 14', score: 10, accepted: false },
          { id: '11', body: 'Answer 11', score: -2, accepted: true },
        ],
      },
      // No answer is accepted where the question names none.
      {
        id: '2',
        title: 'Title 2',
        body: 'Body 2',
        score: 2,
        answers: [{ id: '13', body: 'Answer 13', score: 1, accepted: false }],
      },
    ]);
    expect(manifest.source).toMatchObject({ kind: 'posts', files: [{ name: 'Posts.xml', encoding: 'utf-8' }] });
  });

  test('other kinds of posts, unanswered questions and answers without their question are counted', async () => {
    const { manifest } = await importXml(
      dump(
        `${sound}${question(3)}${answer(103, 99)}  <row Id="5" PostTypeId="5" Body="a wiki"/>\n  <row Id="6" PostTypeId="4"/>\n`,
      ),
    );
    expect(manifest.counts).toMatchObject({ questions: 2, answers: 2 });
    expect(manifest.excluded).toEqual({ questionsWithoutAnswers: 1, orphanAnswers: 1, otherPosts: 2 });
    expect(manifest.skipped.total).toBe(0);
  });

  test('posts that lack something are skipped, with their places', async () => {
    const { manifest } = await importXml(
      dump(
        sound +
          [3, 4, 5].map((id) => question(id)).join('') +
          answer(201, 1, '') +
          answer(202, 1, 'Score="many"') +
          answer(101, 1) +
          '  <row PostTypeId="1" Score="1" Title="x"/>\n' +
          '  <row Id="203" PostTypeId="2" Score="1" Body="x"/>\n  <row Id="204" Score="1" Body="x"/>\n  <row Id="205" PostTypeId="2" ParentId="1" Score="1" Body="&lt;br&gt;"/>\n',
      ),
    );
    expect(manifest.skipped.byReason).toMatchObject({
      'score is not a number': 2,
      'empty id': 2,
      'duplicate id': 1,
      'neither question nor answer': 1,
      'no text': 1,
    });
    expect(manifest.skipped.examples).toContainEqual({
      file: 'Posts.xml',
      where: 'line 11, attribute Score',
      reason: 'score is not a number',
      found: 'many',
    });
  });

  test('an id with a character that XML does not allow is refused, not read as another id', async () => {
    const { manifest } = await importXml(
      dump(`${sound}  <row Id="7&#x1;" PostTypeId="2" ParentId="1" Score="1" Body="b"/>\n${answer(8, 1)}`),
    );
    expect(manifest.skipped.byReason).toEqual({ 'NUL character in an id': 1 });
  });

  test.each([
    ['a NUL', 'a\0b'],
    ['a character by a number that XML does not allow', 'a&#x1;b'],
    ['half a character by number', 'a&#xD800;b'],
  ])('%s costs that character, not the post', async (_, body) => {
    const { manifest, questions } = await importXml(
      dump(`${sound}  <row Id="7" PostTypeId="2" ParentId="1" Score="1" Body="${body}" Title=""/>\n${answer(8, 1)}`),
    );
    expect(manifest.skipped).toEqual({ total: 0, byReason: {}, examples: [], characters: 1 });
    expect(questions[0]!.answers.find(({ id }) => id === '7')!.body).toBe('ab');
  });

  test('the folder of an extracted archive, whose name tells the site; attribution and licence', async () => {
    const folder = join(dataFolder(), 'coffee.stackexchange.com');
    mkdirSync(folder);
    writeFileSync(join(folder, 'Posts.xml'), dump(sound));
    const { manifest } = await importPath(folder);
    expect(manifest.licence).toBe('CC BY-SA 2.5, 3.0 or 4.0, by the date of each post');
    expect(manifest.attribution).toBe(
      'Questions and answers by the users of coffee.stackexchange.com; the post with id N, and its author, are at https://coffee.stackexchange.com/q/N',
    );
    expect((await importXml(dump(sound))).manifest.attribution).toBe(
      'Questions and answers by the users of a Stack Exchange site.',
    );
  });

  test('limit takes the first usable questions; progress ends at the total', async () => {
    const seen: { stage: string; bytesRead: number; bytesTotal: number }[] = [];
    const { manifest } = await importXml(dump(question(7) + sound), { onProgress: (progress) => seen.push(progress) });
    expect(manifest.counts.questions).toBe(2);
    expect([...new Set(seen.map(({ stage }) => stage))]).toEqual(['checking', 'posts', 'questions']);
    expect(seen.at(-1)!.bytesRead).toBeCloseTo(seen.at(-1)!.bytesTotal);
    const { questions } = await importXml(dump(question(7) + sound), { limit: 1 });
    expect(questions.map(({ id }) => id)).toEqual(['1']);
  });

  test('aborting leaves nothing behind', async () => {
    const home = join(dataFolder(), 'home');
    const controller = new AbortController();
    const onProgress = ({ stage }: { stage: string }): void => {
      if (stage === 'questions') controller.abort(new Error('stopped'));
    };
    await expect(importXml(dump(sound), { home, signal: controller.signal, onProgress })).rejects.toThrow('stopped');
    expect(readdirSync(join(home, 'datasets'))).toEqual([]);
  });
});

describe('encodings', () => {
  test.each([
    [
      'as declared',
      Buffer.from(dump(sound).replace('utf-8', 'ISO-8859-1').replace('Answer 101', 'caf\xe9'), 'latin1'),
      'latin-1',
    ],
    [
      'by its byte order mark',
      Buffer.from(`\ufeff${dump(sound).replace('utf-8', 'utf-16').replace('Answer 101', 'café')}`, 'utf16le'),
      'utf-16le',
    ],
    [
      'UTF-8 where nothing is said',
      Buffer.from(dump(sound).replace(declaration, '').replace('Answer 101', 'café')),
      'utf-8',
    ],
  ])('%s', async (_, content, encoding) => {
    const { manifest, questions } = await importXml(content);
    expect(manifest.source.files[0]!.encoding).toBe(encoding);
    expect(questions[0]!.answers[0]!.body).toBe('café');
  });

  test('bytes that are not what the file says are refused, with their place', async () => {
    const { message } = await refusal(Buffer.from(dump(sound).replace('Answer 101', 'caf\xe9'), 'latin1'));
    expect(message).toMatch(/^Posts\.xml is not UTF-8: byte \d+ \(line 4\) is not valid UTF-8\.$/);
  });

  test('an encoding that is not read here is refused by name', async () => {
    const error = await labError(importXml(dump(sound).replace('utf-8', 'Shift_JIS')), 'data');
    expect(error.message).toBe('Posts.xml declares the encoding "Shift_JIS", which is not supported.');
  });
});

describe('what is refused', () => {
  test.each([
    ['a DOCTYPE', `${declaration}<!DOCTYPE posts>\n<posts>${sound}</posts>`, 'line 2, column 16: it has a DOCTYPE'],
    [
      'entities that would expand without end',
      `${declaration}<!DOCTYPE posts [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<posts>${sound.replace('Title 1', '&b;')}</posts>`,
      'it has a DOCTYPE',
    ],
    ['a DOCTYPE that never ends', `<!DOCTYPE posts [${'<!-- x -->'.repeat(200_000)}`, 'it has a DOCTYPE'],
    [
      'an entity of its own',
      dump(sound.replace('Title 1', 'a&nbsp;b')),
      'line 3, column 53: the entity "&nbsp;" is not one of XML\'s own',
    ],
    ['no XML', 'Id,Score\n1,2\n', 'line 1'],
    ['another dump', `${declaration}<users>\n<row Id="1"/></users>`, 'line 2, column 7: <users> is not expected there'],
    ['elements within rows', dump('<row Id="1"><row Id="2"/></row>'), '<row> is not expected there'],
    ['text between rows', dump(`${sound}hello`), 'the text "hello" is not expected there'],
    ['CDATA', dump(`${sound}<![CDATA[x]]>`), 'a CDATA section is not expected there'],
    ['an attribute without quotes', dump('<row Id=1/>'), 'it is not well-formed XML: Unquoted attribute value'],
    [
      'a giant attribute',
      dump(`${sound}<row Id="7" Body="${'x'.repeat(3_000_000)}"/>`),
      'an attribute or name is larger than 1 MiB',
    ],
    [
      'attributes without end',
      dump(`<row ${Array.from({ length: 300 }, (_, i) => `a${i}=""`).join(' ')}/>`),
      'an element with more than 200 attributes',
    ],
    [
      'an attribute that objects have',
      dump('<row hasOwnProperty="x" Id="1"/>'),
      'the attribute "hasOwnProperty" is not expected there',
    ],
    ['nothing but a declaration', declaration, 'it has no elements'],
    ['no posts', dump(''), 'No usable question in Posts.xml: 0 questions without answers'],
    [
      'questions without answers',
      dump(question(1) + question(2)),
      'No usable question in Posts.xml: 2 questions without answers',
    ],
    [
      'scores that are mostly no numbers',
      dump(sound.replaceAll(/Score="\d+"/g, 'Score="?"')),
      'Posts.xml: 4 of 4 rows cannot be used: 4 × score is not a number. The first is at line 3, attribute Score: "?"',
    ],
  ])('%s', async (_, content, message) => {
    expect((await refusal(content)).message).toContain(message);
  });

  test('a file cut at any place is never taken for a whole one', async () => {
    const whole = dump(sound);
    const end = whole.indexOf('</posts>');
    for (let length = 60; length < end + 8; length += 13) {
      const error = await labError(importXml(whole.slice(0, length)), 'data');
      expect(error.message).toMatch(/it is not complete|it is not well-formed|no element in it/);
    }
  });

  test('a 7-Zip archive: how to extract it', async () => {
    const file = dataFile('ai.stackexchange.com.7z', Buffer.from('7z\xbc\xaf\x27\x1c\0\x04', 'latin1'));
    const error = await labError(importPath(file), 'data');
    expect(error.message).toBe('ai.stackexchange.com.7z is a 7-Zip archive.');
    expect(error.fix).toContain('7z x "ai.stackexchange.com.7z" -o"ai.stackexchange.com"');
  });

  test('a folder without Posts.xml', async () => {
    expect((await labError(importPath(dataFolder()), 'data')).message).toMatch(
      /Posts\.xml cannot be read: no such file/,
    );
  });
});

const site = realData('se-coffee');
test.skipIf(site === undefined)(
  'a real dump gives what its CSV conversion gives (skipped where the data is absent)',
  async () => {
    const { questions } = await importPath(site!);
    const pair = await importPair({
      questions: readFileSync(join(site!, 'Questions.utf8.csv')),
      answers: readFileSync(join(site!, 'Answers.utf8.csv')),
    });
    // The CSV files know of no accepted answers.
    const withoutAcceptance = (all: typeof questions) =>
      all.map(({ answers, ...rest }) => ({ ...rest, answers: answers.map(({ accepted: _, ...answer }) => answer) }));
    expect(withoutAcceptance(questions)).toEqual(withoutAcceptance(pair.questions));
    expect(questions.length).toBeGreaterThan(100);
  },
);
