import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DownloadRecords, type DownloadRecord } from '../../../../../src/lab/service/downloads/records.ts';
import { temporaryFolder } from '../../../../helpers/syntheticStore.ts';

const record: DownloadRecord = {
  ...{
    id: 'd',
    request: { source: 'kaggle:a/b@1' },
    state: 'interrupted',
    started: '2026-11-23T00:00:00.000Z',
    stage: 'Downloading',
    done: 5,
    total: 10,
  },
  ...{ failure: null, needsCredentials: null, result: null, owner: { pid: 1, startToken: '' } },
};

test('a record is read as it was written, and one with fewer than no bytes is none', () => {
  const folder = temporaryFolder();
  const records = new DownloadRecords(folder);
  records.write(record);
  expect(records.read()).toEqual([record]);
  for (const change of [{ done: -1 }, { total: -1 }]) {
    writeFileSync(join(folder, 'd.json'), JSON.stringify({ ...record, ...change }));
    expect(records.read()).toEqual([]);
  }
});
