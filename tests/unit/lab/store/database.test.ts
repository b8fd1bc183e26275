import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainingErrors, openDatabase } from '../../../../src/lab/store/database.ts';
import { migrations } from '../../../../src/lab/store/migrations/index.ts';
import { openStore } from '../../../../src/lab/store/runStore.ts';
import { createRun, temporaryHome, temporaryStore } from '../../../helpers/syntheticStore.ts';

describe('a database that cannot be used', () => {
  it('from a newer LossLab is refused and left as it is', () => {
    const home = temporaryHome();
    const database = openDatabase(home);
    database.pragma(`user_version = ${migrations.length + 1}`);
    database.close();
    expect(() => openStore(home)).toThrow(`${home.database} was written by a newer LossLab`);
  });

  it('that is no database is named, and never deleted', () => {
    const home = temporaryHome();
    const content = 'not a database, but somebody may need it '.repeat(100);
    writeFileSync(home.database, content);
    expect(() => openStore(home)).toThrow(`${home.database} is damaged or is not a LossLab database`);
    expect(readFileSync(home.database, 'utf8')).toBe(content);
  });

  it('with a damaged page is named when it is read', () => {
    const home = temporaryHome();
    const store = openStore(home);
    createRun(store);
    store.close();
    const bytes = readFileSync(home.database);
    writeFileSync(home.database, bytes.fill(0xaa, 4096));
    expect(() => {
      using damaged = openStore(home);
      damaged.listRuns();
    }).toThrow(`${home.database} is damaged`);
  });
});

it('says that the disk is full, and keeps what was stored', () => {
  const home = temporaryHome();
  const store = temporaryStore(home);
  const { id } = createRun(store);
  const database = openDatabase(home);
  database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true }) as number}`);
  const fill = (): unknown =>
    database.prepare('INSERT INTO question_lists VALUES (?, ?)').run('hash', JSON.stringify('x'.repeat(1e6)));
  expect(() => explainingErrors(home.database, fill)).toThrow(`The disk that holds ${home.folder} is full.`);
  database.close();
  expect(store.getRun(id).state).toBe('queued');
});
