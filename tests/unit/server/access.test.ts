import { expect, test } from 'vitest';
import { openScreen, send, sendAsOwner, testServer } from '../../helpers/serverClient.ts';

test('the token of the address lets a browser in, once and for all', async () => {
  const server = await testServer();
  const entered = await send(server, `/?token=${server.token}`);
  expect(entered.status).toBe(303);
  expect(entered.headers.location).toBe('/');
  const [cookie] = entered.headers['set-cookie']!;
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
  const page = await send(server, '/', { headers: { Cookie: cookie!.split(';')[0]! } });
  expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<title>LossLab') });
});

test('the token has 256 bits and is another one after each start', async () => {
  const tokens = [(await testServer()).token, (await testServer()).token];
  for (const token of tokens) expect(token).toMatch(/^[0-9a-f]{64}$/);
  expect(tokens[0]).not.toBe(tokens[1]);
});

test.each(['/', '/index.html', '/assets/main-abc123.js', '/files', '/nothing'])(
  'without the cookie %s says how to enter, and nothing else',
  async (target) => {
    const server = await testServer();
    const answer = await send(server, target);
    expect(answer).toMatchObject({
      status: 401,
      body: expect.stringContaining('the complete address that "losslab serve" has printed'),
    });
    expect(answer.body).not.toContain(server.token);
  },
);

test.each([
  ['a wrong token', (token: string) => `/?token=${token.replace(/./g, '0')}`],
  ['part of the token', (token: string) => `/?token=${token.slice(0, 32)}`],
  ['an empty token', () => '/?token='],
  ['the token at another address', (token: string) => `/index.html?token=${token}`],
])('%s does not let in', async (_, target) => {
  const server = await testServer();
  const answer = await send(server, target(server.token));
  expect(answer.status).toBe(401);
  expect(answer.headers['set-cookie']).toBeUndefined();
});

test.each([
  ['of another server', (port: number, token: string) => `losslab-${port + 1}=${token}`],
  ['with a wrong value', (port: number) => `losslab-${port}=${'0'.repeat(64)}`],
  ['without a value', (port: number) => `losslab-${port}`],
])('a cookie %s does not let in', async (_, cookie) => {
  const server = await testServer();
  expect((await send(server, '/', { headers: { Cookie: cookie(server.port, server.token) } })).status).toBe(401);
});

test('a cookie among others is found', async () => {
  const server = await testServer();
  expect((await send(server, '/', { headers: { Cookie: `a=b; ${server.cookie}; c=d` } })).status).toBe(200);
});

const foreignHosts = [
  'evil.example',
  'evil.example:80',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'localhost:80@evil.example',
  '[::2]',
];
const ownHosts = ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'];

test.each(foreignHosts)(
  'a request that calls the server "%s" is refused: its name was bound to this machine',
  async (host) => {
    const server = await testServer();
    const answer = await sendAsOwner(server, '/', { headers: { Host: host } });
    expect(answer.status).toBe(403);
    expect(await openScreen(server, { Cookie: server.cookie, Host: host, Origin: `http://${host}` })).toBe(403);
  },
);

test.each(ownHosts)('the server may be called %s, at its port or at that of a tunnel', async (host) => {
  const server = await testServer();
  for (const port of [server.port, 9000]) {
    expect((await sendAsOwner(server, '/', { headers: { Host: `${host}:${port}` } })).status).toBe(200);
    expect(
      await openScreen(server, { Cookie: server.cookie, Host: `${host}:${port}`, Origin: `http://${host}:${port}` }),
    ).not.toBeTypeOf('number');
  }
});

const foreignOrigins = ['http://evil.example', 'null', 'http://localhost:3000', 'https://127.0.0.1', 'file://'];

test.each(foreignOrigins)('a page of %s can neither connect nor hand over files, cookie or not', async (origin) => {
  const server = await testServer();
  expect(await openScreen(server, { Cookie: server.cookie, Origin: origin })).toBe(403);
  expect(
    (await sendAsOwner(server, '/files?name=a.csv', { method: 'POST', body: 'x', headers: { Origin: origin } })).status,
  ).toBe(403);
});

test('a program without an Origin can neither connect nor hand over files', async () => {
  const server = await testServer();
  expect(await openScreen(server, { Cookie: server.cookie })).toBe(403);
  expect(
    (await send(server, '/files?name=a.csv', { method: 'POST', body: 'x', headers: { Cookie: server.cookie } })).status,
  ).toBe(403);
});

test('a WebSocket needs the cookie, and the right address', async () => {
  const server = await testServer();
  expect(await openScreen(server, { Origin: server.origin })).toBe(401);
  expect(await openScreen(server, { Origin: server.origin, Cookie: server.cookie }, '/other')).toBe(404);
  expect(await openScreen(server, { Origin: server.origin, Cookie: server.cookie }, `/rpc?token=${server.token}`)).toBe(
    404,
  );
});
