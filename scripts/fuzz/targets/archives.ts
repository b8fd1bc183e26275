/** Zip archives, alone and as an import. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importArchive } from '../../../src/lab/archives/importArchive.ts';
import { openZip } from '../../../src/lab/archives/zip.ts';
import { zipOf } from '../../../tests/helpers/zipWriter.ts';
import { require, type FuzzTarget, type Outcome } from '../target.ts';
import { checkImport } from './imports.ts';
import { answersCsv, questionsCsv } from './seedQuestions.ts';

const plain = zipOf([{ name: 'Questions.csv', content: questionsCsv }, { name: 'data/Answers.csv', content: answersCsv, stored: true }, { name: 'Tags.csv', content: 'Id,Tag\n' }]);
const twice = zipOf([{ name: 'Questions.csv.zip', content: zipOf([{ name: 'Questions.csv', content: questionsCsv }]), stored: true }, { name: 'Answers.csv', content: answersCsv }]);
const words = ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', '../', '/', '\\', 'C:', '\0', 'Answers.csv', 'Questions.csv'];

export const zip: FuzzTarget = {
  seeds: () => [plain, twice],
  words,
  async parse(input, folder): Promise<Outcome> {
    const path = join(folder, 'x.zip');
    writeFileSync(path, input);
    await using archive = await openZip(path);
    const target = join(folder, 'unpacked');
    mkdirSync(target);
    for (const [index, entry] of archive.entries.entries()) {
      require(!/(^|[\\/])\.\.([\\/]|$)|^\/|^[A-Za-z]:|[\\\0]/.test(entry.name), `it holds ${JSON.stringify(entry.name)}`);
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
  seeds: () => [plain, twice],
  words,
  parse(input, folder) {
    const archive = join(folder, 'x.zip');
    writeFileSync(archive, input);
    return checkImport(folder, (home) => importArchive({ home, name: 'fuzz', archive }));
  },
};
