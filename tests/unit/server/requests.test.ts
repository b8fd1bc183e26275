import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../../src/server/headers.ts';
import { send, sendAsOwner, testServer } from '../../helpers/serverClient.ts';

test('the policy lets in nothing from elsewhere, and nothing written into the page', () => {
  expect(contentSecurityPolicy).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
});

test.each([
  ['a page', '/', {}],
  ['a script', '/assets/main-abc123.js', {}],
  ['nothing', '/nothing', {}],
  ['a refusal of the cookie', '/', { Cookie: '' }],
  ['a refusal of the host', '/', { Host: 'evil.example' }],
  ['a redirect', 'TOKEN', {}],
])('%s comes with every header of security, and without any of CORS', async (_, target, headers) => {
  const server = await testServer();
  const answer = await sendAsOwner(server, target === 'TOKEN' ? `/?token=${server.token}` : target, {
    headers: { ...headers, 'Access-Control-Request-Method': 'POST' },
  });
  expect(answer.headers).toMatchObject({
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test('files have their types; those with a hash in their name may be kept, the page may not', async () => {
  const server = await testServer();
  const page = await sendAsOwner(server, '/');
  expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
  const script = await sendAsOwner(server, '/assets/main-abc123.js');
  expect(script.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  expect(script.body).toBe('export {};');
});

test('HEAD tells the same, without the content', async () => {
  const server = await testServer();
  expect(await sendAsOwner(server, '/', { method: 'HEAD' })).toMatchObject({
    status: 200,
    body: '',
    headers: { 'content-length': '37' },
  });
});

test.each([
  '/../secret.html',
  '/%2e%2e/secret.html',
  '/..%2fsecret.html',
  '/assets/..%2f..%2fsecret.html',
  '/assets/../../secret.html',
  '/..\\secret.html',
  '/..%5csecret.html',
  '//secret.html',
  '/%00/index.html',
  '/index.html%00.js',
  '/%',
  '/assets',
  '/assets/',
  '/c:/secret.html',
])('%s leads nowhere', async (target) => {
  const server = await testServer();
  const answer = await sendAsOwner(server, target);
  expect(answer.status).toBe(404);
  expect(answer.body).not.toContain('secret');
});

test.each(['*', 'http://evil.example/', 'evil'])('a target that is no path, such as %s, is refused', async (target) => {
  const server = await testServer();
  expect((await sendAsOwner(server, target)).status).toBe(400);
});

test.each([
  ['POST', '/', 'GET, HEAD'],
  ['PUT', '/files', 'POST'],
  ['DELETE', '/index.html', 'GET, HEAD'],
  ['OPTIONS', '/', 'GET, HEAD'],
])('%s %s is not how it is used', async (method, target, allowed) => {
  const server = await testServer();
  expect(await sendAsOwner(server, target, { method })).toMatchObject({ status: 405, headers: { allow: allowed } });
});

test('a file that is handed over lies in the home, under its own name, until the server closes', async () => {
  const server = await testServer();
  const content = Buffer.from('id,title\n1,\u00e4\n'.repeat(50_000));
  const answer = await sendAsOwner(server, `/files?name=${encodeURIComponent('My posts (1).csv')}`, {
    method: 'POST',
    body: content,
  });
  expect(answer.status).toBe(200);
  const { file } = JSON.parse(answer.body) as { file: string };
  expect(path.basename(file)).toBe('My posts _1_.csv');
  expect(file.startsWith(path.join(server.home.cache, 'uploads') + path.sep)).toBe(true);
  expect(readFileSync(file).equals(content)).toBe(true);
  await server.close();
  expect(existsSync(file)).toBe(false);
});

test('two files of one name are two files', async () => {
  const server = await testServer();
  const files = await Promise.all(
    ['one', 'two'].map(
      async (body) =>
        JSON.parse((await sendAsOwner(server, '/files?name=a.csv', { method: 'POST', body })).body) as { file: string },
    ),
  );
  expect(files.map(({ file }) => readFileSync(file, 'utf8')).sort()).toEqual(['one', 'two']);
});

test('an upload without the cookie writes nothing', async () => {
  const server = await testServer();
  expect(
    (await send(server, '/files?name=a.csv', { method: 'POST', body: 'x', headers: { Origin: server.origin } })).status,
  ).toBe(401);
  expect(readdirSync(server.home.cache)).toEqual([]);
});

test('more than the disk can hold is refused before it is sent', async () => {
  const server = await testServer();
  const answer = await sendAsOwner(server, '/files?name=a.csv', {
    method: 'POST',
    headers: { 'Content-Length': String(2 ** 50), Connection: 'close' },
  });
  expect(answer).toMatchObject({ status: 507, body: expect.stringContaining('does not fit on the disk') });
});
