import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { settingsMethods } from '../../../../../src/lab/service/settings/settings.ts';
import { defaultSettings } from '../../../../../src/shared/contract/contract.ts';
import { silentConnection, temporaryContext } from '../../../../helpers/serviceContext.ts';

function service() {
  const context = temporaryContext();
  const methods = settingsMethods(context);
  return {
    context,
    file: join(context.home.folder, 'settings.json'),
    get: () => methods['settings.get']({}, silentConnection),
    set: (changes: Parameters<(typeof methods)['settings.set']>[0]) =>
      methods['settings.set'](changes, silentConnection),
  };
}

test('settings have defaults, are kept, and told to every screen', () => {
  const { context, file, get, set } = service();
  expect(get()).toEqual(defaultSettings);
  expect(set({ theme: 'dark' })).toEqual({ ...defaultSettings, theme: 'dark' });
  expect(set({ onClose: 'stop', theme: undefined })).toEqual({ theme: 'dark', onClose: 'stop' });
  expect(get()).toEqual({ theme: 'dark', onClose: 'stop' });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(get());
  expect(context.notifications.at(-1)).toEqual({ type: 'settings', settings: { theme: 'dark', onClose: 'stop' } });
});

test('a setting that the file does not have is the default', () => {
  const { file, get } = service();
  writeFileSync(file, '{"theme":"light"}');
  expect(get()).toEqual({ ...defaultSettings, theme: 'light' });
});

test.each(['{"theme":', '{"theme":"pink"}', '[]'])(
  'a damaged file (%s) is put aside, and the log says so',
  (content) => {
    const { context, file, get, set } = service();
    writeFileSync(file, content);
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(get()).toEqual(defaultSettings);
    expect(log).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('settings.json is not valid'));
    const aside = readdirSync(context.home.folder).find((name) => name.startsWith('settings.json.damaged-'))!;
    expect(readFileSync(join(context.home.folder, aside), 'utf8')).toBe(content);
    expect(set({ theme: 'dark' })).toEqual({ ...defaultSettings, theme: 'dark' });
    log.mockRestore();
  },
);
