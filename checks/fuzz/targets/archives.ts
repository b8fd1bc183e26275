/** Zip archives, alone and as an import. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importArchive } from '../../../src/lab/data/archives/importArchive.ts';
import { openZip } from '../../../src/lab/data/archives/zip.ts';
import { zipOf, type ZippedFile } from '../../../tests/helpers/zipWriter.ts';
import { byteMutators } from '../mutators/bytes.ts';
import { oneOf, require, type FuzzTarget, type Mutator, type Outcome } from '../target.ts';
import { checkImport } from './imports.ts';
import { answersCsv, questionsCsv } from './seedQuestions.ts';

const plain: readonly ZippedFile[] = [
  { name: 'Questions.csv', content: questionsCsv },
  { name: 'data/Answers.csv', content: answersCsv, stored: true },
  { name: 'Tags.csv', content: 'Id,Tag\n' },
];
const twice: readonly ZippedFile[] = [
  { name: 'Questions.csv.zip', content: zipOf([{ name: 'Questions.csv', content: questionsCsv }]), stored: true },
  { name: 'Answers.csv', content: answersCsv },
];
const seeds = (): Buffer[] => [zipOf(plain), zipOf(twice)];
const words = [
  'PK\x01\x02',
  'PK\x03\x04',
  'PK\x05\x06',
  'PK\x06\x06',
  '../',
  '/',
  '\\',
  'C:',
  '\0',
  'Answers.csv',
  'Questions.csv',
];

/** A valid archive with changed content or name of a file: checksums and sizes are correct. */
const changeFile: Mutator = (_, random) => {
  const files = oneOf([plain, twice], random);
  const at = random.integer(files.length);
  const file = files[at]!;
  const mutate = oneOf(byteMutators, random);
  const changed =
    random.integer(4) === 0
      ? { name: mutate(Buffer.from(file.name), random).toString('latin1') }
      : { content: mutate(Buffer.from(file.content as Uint8Array), random) };
  return zipOf(files.with(at, { ...file, ...changed }));
};

export const zip: FuzzTarget = {
  seeds,
  words,
  mutators: [changeFile],
  async parse(input, folder): Promise<Outcome> {
    const path = join(folder, 'x.zip');
    writeFileSync(path, input);
    await using archive = await openZip(path);
    const target = join(folder, 'unpacked');
    mkdirSync(target);
    for (const [index, entry] of archive.entries.entries()) {
      require(!/(^|[\\/])\.\.([\\/]|$)|^\/|^[A-Za-z]:|[\\\0]/.test(
        entry.name,
      ), `it holds ${JSON.stringify(entry.name)}`);
      const file = join(target, String(index));
      await archive.extract(entry, file);
      const { length } = readFileSync(file);
      require(length === entry.size, `${JSON.stringify(entry.name)} has ${length} bytes of ${entry.size}`);
    }
    require(readdirSync(target).length === archive.entries.length, 'there are other files than entries');
    return 'accepted';
  },
};

export const archiveImport: FuzzTarget = {
  seeds,
  words,
  mutators: [changeFile],
  parse(input, folder) {
    const archive = join(folder, 'x.zip');
    writeFileSync(archive, input);
    return checkImport(folder, (home) => importArchive({ home, name: 'fuzz', archive }));
  },
};
