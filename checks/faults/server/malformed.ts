import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { relative } from 'node:path';
import { WebSocket } from 'ws';
import { encodeMessage } from '../../../src/shared/contract/codec.ts';
import { largestRequestBytes } from '../../../src/server/rpc.ts';
import { isAlive, secret, sendRaw, type Target } from './target.ts';

/** Invalid requests, and requests beyond all limits. */

/** Requests as bytes, each of which must be refused with one of these statuses; null is a closed connection. */
export function malformedRequests({
  server: { port },
  cookie,
  origin,
}: Target): readonly (readonly [what: string, bytes: string | Buffer, statuses: readonly (number | null)[]])[] {
  const head = (method: string, path: string, ...more: string[]): string =>
    [
      `${method} ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      `Cookie: ${cookie}`,
      `Origin: ${origin}`,
      'Connection: close',
      ...more,
      '',
      '',
    ].join('\r\n');
  return [
    ['random bytes', randomBytes(4096), [400, null]],
    ['no request line', '\r\n\r\n\r\n\r\nHello\r\n\r\n', [400, null]],
    ['lower-case method', head('get', '/'), [400]],
    ['CONNECT', head('CONNECT', `127.0.0.1:${port}`), [400, 405, null]],
    ['HTTP/0.9', 'GET /\r\n\r\n', [400, 403, null]],
    ['HTTP/9.9', `GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n`, [400, null]],
    ['no Host', `GET / HTTP/1.1\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`, [400, 403]],
    ['two Hosts', head('GET', '/', 'Host: evil.example'), [400, 403, 200]],
    ['a path of 1 MB', head('GET', `/${'a'.repeat(2 ** 20)}`), [414, 431, 400]],
    ['a header of 1 MB', head('GET', '/', `X: ${'a'.repeat(2 ** 20)}`), [431, 400]],
    [
      'a hundred thousand headers',
      head('GET', '/', ...Array.from({ length: 100_000 }, (_, i) => `X${i}: 1`)),
      [431, 400],
    ],
    ['a negative length', head('POST', '/files?name=x', 'Content-Length: -1'), [400]],
    ['a length that is no number', head('POST', '/files?name=x', 'Content-Length: 1e3'), [400]],
    ['two lengths', head('POST', '/files?name=x', 'Content-Length: 1', 'Content-Length: 2'), [400]],
    ['length and chunks', head('POST', '/files?name=x', 'Content-Length: 4', 'Transfer-Encoding: chunked'), [400]],
    [
      'chunks that are none',
      `${head('POST', '/files?name=x', 'Transfer-Encoding: chunked')}zz\r\nhello\r\n0\r\n\r\n`,
      [400, null],
    ],
    ['an announced length beyond every disk', head('POST', '/files?name=x', 'Content-Length: 9007199254740991'), [507]],
    ['a NUL in the path', head('GET', '/index.html\0'), [400]],
    ['a line break in a header', head('GET', '/', 'X: a\r\n b\r\n\r\nGET /secret HTTP/1.1'), [400, 200]],
    ['an upgrade to something else', head('GET', '/rpc', 'Connection: Upgrade', 'Upgrade: h2c'), [400, 404, 405, 426]],
    [
      'an upgrade without a key',
      head('GET', '/rpc', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'),
      [400, 404],
    ],
    [
      'an upgrade by POST',
      head(
        'POST',
        '/rpc',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ),
      [400, 405],
    ],
    [
      'an upgrade of version 99',
      head(
        'GET',
        '/rpc',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 99',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ),
      [400, 426],
    ],
  ];
}

export async function attemptRequest(
  target: Target,
  [what, bytes, statuses]: ReturnType<typeof malformedRequests>[number],
): Promise<string | null> {
  const { status, text } = await sendRaw(target.server.port, bytes);
  if (!statuses.includes(status)) return `${what}: answered with ${status}, not ${statuses.join(' or ')}`;
  if (text.includes(secret)) return `${what}: gave out a secret`;
  return (await isAlive(target)) ? null : `${what}: the server is gone`;
}

/** Messages over the owner's WebSocket, each of which must end the connection. */
export function malformedMessages(): readonly (readonly [what: string, send: (socket: WebSocket) => void])[] {
  const message = (value: unknown) => (socket: WebSocket) => socket.send(encodeMessage(value));
  const bytes =
    (...values: number[]) =>
    (socket: WebSocket) =>
      socket.send(Uint8Array.from(values));
  const raw =
    (...values: number[]) =>
    (socket: WebSocket) =>
      void (socket as unknown as { _socket: NodeJS.WritableStream })._socket.write(Uint8Array.from(values));
  return [
    ['text', (socket) => socket.send('{"id":1,"method":"lab.describe","input":{}}')],
    ['no bytes', (socket) => socket.send(new Uint8Array(0))],
    ['random bytes', (socket) => socket.send(randomBytes(1000))],
    ['a message beyond the limit', (socket) => socket.send(new Uint8Array(largestRequestBytes + 1))],
    ['an array that announces 4 billion entries', bytes(0xdd, 0xff, 0xff, 0xff, 0xff)],
    ['a text that announces 4 GB', bytes(0xdb, 0xff, 0xff, 0xff, 0xff)],
    ['an extension that nobody knows', bytes(0xc7, 0x01, 0x7f, 0x00)],
    ['floats that are no whole number of them', bytes(0xc7, 0x03, 0x01, 0, 0, 0)],
    ['a number', message(1)],
    ['null', message(null)],
    ['a list', message([{ id: 1, method: 'x', input: {} }])],
    ['no id', message({ method: 'x', input: {} })],
    ['an id that is no whole number', message({ id: 1.5, method: 'x', input: {} })],
    ['an id beyond whole numbers', message({ id: 1e300, method: 'x', input: {} })],
    ['a method that is no text', message({ id: 1, method: { toString: 'x' }, input: {} })],
    ['a key too many', message({ id: 1, method: 'x', input: {}, admin: true })],
    ['nested without end', (socket) => socket.send(deepBytes())],
    ['a frame without a mask', raw(0x82, 0x01, 0x00)],
    ['a frame with reserved bits', raw(0xf2, 0x80, 0, 0, 0, 0)],
    ['an opcode that there is none of', raw(0x83, 0x80, 0, 0, 0, 0)],
    ['a ping of 200 bytes', raw(0x89, 0xfe, 0x00, 0xc8, 0, 0, 0, 0)],
    ['a frame that announces 8 exabytes', raw(0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)],
  ];
}

/** Arrays in arrays, a hundred thousand deep. */
function deepBytes(): Buffer {
  return Buffer.concat([
    Buffer.from([0x83, 0xa2, 0x69, 0x64, 0x01, 0xa6]),
    Buffer.from('method'),
    Buffer.from([0xa1, 0x78, 0xa5]),
    Buffer.from('input'),
    Buffer.alloc(100_000, 0x91),
    Buffer.from([0xc0]),
  ]);
}

export async function attemptMessage(
  target: Target,
  [what, send]: ReturnType<typeof malformedMessages>[number],
): Promise<string | null> {
  const socket = new WebSocket(`ws://127.0.0.1:${target.server.port}/rpc`, {
    headers: { Cookie: target.cookie, Origin: target.origin },
  });
  socket.on('error', () => undefined);
  await once(socket, 'open');
  const closed = once(socket, 'close', { signal: AbortSignal.timeout(5000) }).then(
    () => null,
    () => `${what}: the connection stays`,
  );
  send(socket);
  const problem = await closed;
  socket.terminate();
  return problem ?? ((await isAlive(target)) ? null : `${what}: the server is gone`);
}

/** Names of uploaded files. Each file must stay in its own upload folder. */
export const uploadNames = [
  '../../evil.csv',
  '..\\..\\evil.csv',
  '/etc/cron.d/evil',
  'C:\\evil.csv',
  '....//evil.csv',
  '.',
  '..',
  '',
  ' ',
  '.bashrc',
  'con',
  'nul.csv',
  'a\0b.csv',
  'a\nb.csv',
  'x'.repeat(5000),
  '%2e%2e%2fevil',
  '\u202evsc.exe',
  '<img src=x onerror=alert(1)>.csv',
  '~/.ssh/authorized_keys',
  '$(touch evil)',
  '-rf',
  'a/b/c.csv',
];

export async function attemptUpload(target: Target, name: string): Promise<string | null> {
  const { server, cookie, origin, home } = target;
  const { status, text } = await sendRaw(
    server.port,
    [
      `POST /files?name=${encodeURIComponent(name)} HTTP/1.1`,
      `Host: 127.0.0.1:${server.port}`,
      `Cookie: ${cookie}`,
      `Origin: ${origin}`,
      'Connection: close',
      'Content-Length: 4',
      '',
      'a,b\n',
    ].join('\r\n'),
  );
  if (status !== 200) return `upload ${JSON.stringify(name)}: answered with ${status}`;
  const { file } = JSON.parse(/\{.*\}/.exec(text)![0]) as { file: string };
  const parts = relative(home.cache, file).split(/[\\/]/);
  return parts[0] === 'uploads' && parts.length === 4 && !parts.includes('..') && /^[^<>:"|?*\0-\x1f]+$/.test(parts[3]!)
    ? null
    : `upload ${JSON.stringify(name)}: went to ${file}`;
}
