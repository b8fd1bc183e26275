import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { answerScreen, appScheme, startPage } from '../../../src/main/protocol.ts';
import { contentSecurityPolicy } from '../../../src/server/headers.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'losslab-protocol-'));
const root = path.join(folder, 'renderer');
mkdirSync(root);
writeFileSync(path.join(root, 'index.html'), '<title>LossLab</title>');
writeFileSync(path.join(folder, 'secret.html'), 'secret');
afterAll(() => rmSync(folder, { recursive: true }));

const get = (address: string): Promise<Response> => answerScreen(root, new Request(address));

test('the start page comes with the policy of the server', async () => {
  const response = await get(`${startPage}#/settings`);
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('<title>LossLab</title>');
  expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test.each([
  'app://losslab/../secret.html',
  'app://losslab/..%2fsecret.html',
  'app://losslab/%2e%2e/secret.html',
  'app://losslab/..%5csecret.html',
  'app://losslab//secret.html',
  'app://other/index.html',
  'app://losslab/nothing.html',
])('%s leads nowhere', async (address) => {
  const response = await get(address);
  expect(response.status).toBe(404);
  expect(await response.text()).not.toContain('secret');
  expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
});

test('only GET is answered', async () => {
  expect((await answerScreen(root, new Request(startPage, { method: 'POST' }))).status).toBe(404);
});

test('the scheme is an origin of its own, subject to the policy', () => {
  expect(appScheme).toEqual({ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } });
});
