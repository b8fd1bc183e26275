import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { freeSpace, requireFreeSpace } from '../../../../src/lab/files/freeSpace.ts';
import { locateHome, openHome } from '../../../../src/lab/files/home.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

const homeModule = path.resolve(import.meta.dirname, '../../../../src/lab/files/home.ts');

describe('where the home folder is', () => {
  it('is the explicit folder before LOSSLAB_HOME before the system folder', () => {
    const environment = { LOSSLAB_HOME: '/from/environment' };
    expect(locateHome('/explicit', environment).folder).toBe(path.resolve('/explicit'));
    expect(locateHome(undefined, environment).folder).toBe(path.resolve('/from/environment'));
    expect(locateHome(undefined, {}).folder).toMatch(/losslab/i);
    expect(locateHome(undefined, { LOSSLAB_HOME: '' }).folder).toBe(locateHome(undefined, {}).folder);
  });

  it('has no suffix that nobody expects', () => {
    expect(locateHome(undefined, {}).folder).not.toMatch(/nodejs/);
  });
});

describe('openHome', () => {
  it('creates the folders on first use', () => {
    const home = openHome(path.join(temporaryFolder(), 'a', 'b'));
    for (const folder of [home.datasets, home.runs, home.cache]) expect(existsSync(folder)).toBe(true);
    expect(openHome(home.folder)).toEqual(home);
  });

  it('says so when a file stands in its place', () => {
    const file = path.join(temporaryFolder(), 'home');
    writeFileSync(file, '');
    expect(() => openHome(file)).toThrow(`Cannot write to the home folder ${file}: a file has its name.`);
  });

  it.skipIf(process.platform === 'win32')('names a read-only folder and what to do', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o555);
    const script = `
      const { openHome } = await import(${JSON.stringify(homeModule)});
      try { openHome(${JSON.stringify(folder)}); } catch (error) { console.log(error.code + '|' + error.message + '|' + error.fix); }`;
    // Permissions do not bind root, so root looks with the eyes of a user without rights.
    const user = process.getuid!() === 0 ? { uid: 65534, gid: 65534 } : {};
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      ...user,
      encoding: 'utf8',
    });
    expect(stdout).toContain(`storage|Cannot write to the home folder ${folder}: permission denied.|`);
    expect(stdout).toContain('--home or LOSSLAB_HOME');
  });
});

describe('free space', () => {
  it('is that of the disk', () => {
    expect(freeSpace(temporaryFolder())).toBeGreaterThan(0);
  });

  it('is required before something large is written', () => {
    const folder = temporaryFolder();
    requireFreeSpace(folder, 1, 'A checkpoint');
    expect(() => requireFreeSpace(folder, 1e18, 'A checkpoint')).toThrow(
      /^A checkpoint needs 1,000,000 TB in .*; its disk has [\d.]+ [kMGT]?B free\.$/,
    );
  });
});
