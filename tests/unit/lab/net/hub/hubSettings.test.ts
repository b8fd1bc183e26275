import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hubSettings } from '../../../../../src/lab/net/hub/hubSettings.ts';
import { labError } from '../../../../helpers/dataFiles.ts';
import { temporaryFolder } from '../../../../helpers/syntheticStore.ts';

test('without anything set, where the tools of the Hub have it', () => {
  const settings = hubSettings({ XDG_CACHE_HOME: '/nowhere' });
  expect(settings).toEqual({
    endpoint: 'https://huggingface.co',
    cache: '/nowhere/huggingface/hub',
    offline: false,
    token: null,
  });
  expect(hubSettings({}).cache).toBe(join(homedir(), '.cache', 'huggingface', 'hub'));
});

test('the cache: HF_HUB_CACHE before HF_HOME', () => {
  expect(hubSettings({ HF_HOME: '/a' }).cache).toBe('/a/hub');
  expect(hubSettings({ HF_HOME: '/a', HF_HUB_CACHE: '~/b' }).cache).toBe(join(homedir(), 'b'));
});

test('the token: HF_TOKEN before the file of a log-in', () => {
  const home = temporaryFolder();
  writeFileSync(join(home, 'token'), 'hf_file\n');
  expect(hubSettings({ HF_HOME: home }).token).toBe('hf_file');
  expect(hubSettings({ HF_HOME: home, HF_TOKEN: ' hf_variable\n' }).token).toBe('hf_variable');
});

test.each([
  ['1', true],
  ['true', true],
  ['ON', true],
  ['0', false],
  ['', false],
])('HF_HUB_OFFLINE=%s', (value, offline) => {
  expect(hubSettings({ HF_HUB_OFFLINE: value }).offline).toBe(offline);
});

test('HF_ENDPOINT is an address without a password, and a stroke at its end does no harm', async () => {
  expect(hubSettings({ HF_ENDPOINT: 'http://localhost:1/hub/' }).endpoint).toBe('http://localhost:1/hub');
  for (const HF_ENDPOINT of ['huggingface.co', 'ftp://x', 'https://user:SECRET@x']) {
    const error = await labError(async () => Promise.resolve(hubSettings({ HF_ENDPOINT })), 'configuration');
    expect(error.message).toMatch(/^HF_ENDPOINT is not the address/);
    expect(error.message).not.toContain('SECRET');
  }
});
