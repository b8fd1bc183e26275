import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { md5, sha256 } from '../../../../src/lab/net/checksum.ts';
import { download, type DownloadOptions, type Progress } from '../../../../src/lab/net/download.ts';
import { patience } from '../../../../src/lab/net/retry.ts';
import { randomStream } from '../../../../src/lab/base/random.ts';
import { labError } from '../../../helpers/dataFiles.ts';
import { etagOf, fileServer, type FileServer, type ServedFile } from '../../../helpers/fileServer.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

const quick = { ...patience, firstWait: 1, longestWait: 5, stall: 1000 };
const secret = 'Bearer hf_SECRET';

function content(size: number, seed = 1): Uint8Array {
  const random = randomStream(seed, 'sample');
  return Uint8Array.from({ length: size }, () => random.integer(256));
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A server with one file, and a folder that it is fetched into. */
async function setUp(served: Partial<ServedFile> = {}, body = content(10_000)) {
  const server = await fileServer({ '/file.bin': { body, ...served } });
  const folder = temporaryFolder();
  const file = join(folder, 'file.bin');
  const fetchIt = (options: Partial<DownloadOptions> = {}) =>
    download({
      url: server.url('/file.bin?signature=QUERY'),
      file,
      what: 'The file',
      headers: { authorization: secret },
      patience: quick,
      ...options,
    });
  return {
    server,
    served: server.files['/file.bin']!,
    folder,
    file,
    body,
    fetchIt,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** What a message is never to hold. */
function withoutSecrets(error: Error): Error {
  for (let each: unknown = error; each instanceof Error; each = each.cause)
    expect(`${each.message} ${each.stack}`).not.toMatch(/SECRET|QUERY/);
  return error;
}

function ranges(server: FileServer): (string | undefined)[] {
  return server.requests.map(({ headers }) => headers.range);
}

test('a whole file arrives under its name, with nothing beside it, and its progress ends at its size', async () => {
  await using at = await setUp();
  const progress: Progress[] = [];
  const { size } = await at.fetchIt({
    expected: { size: 10_000, checksums: [sha256(sha256Of(at.body))] },
    onProgress: (each) => progress.push(each),
  });
  expect(size).toBe(10_000);
  expect(readFileSync(at.file)).toEqual(Buffer.from(at.body));
  expect(readdirSync(at.folder)).toEqual(['file.bin']);
  expect(progress[0]).toEqual({ done: 0, total: 10_000 });
  expect(progress.at(-1)).toEqual({ done: 10_000, total: 10_000 });
  expect(at.server.requests[0]!.headers['accept-encoding']).toBe('identity');
});

test('an empty file, and one whose size the server does not tell', async () => {
  await using at = await setUp({}, new Uint8Array());
  expect((await at.fetchIt()).size).toBe(0);
  expect(statSync(at.file).size).toBe(0);
  await using unknown = await setUp({ contentLength: null });
  const progress: Progress[] = [];
  await unknown.fetchIt({ onProgress: (each) => progress.push(each) });
  expect(progress.at(-1)).toEqual({ done: 10_000, total: null });
  expect(readFileSync(unknown.file)).toEqual(Buffer.from(unknown.body));
});

test('two hundred cuts at random bytes, and every byte is right', async () => {
  const body = content(400_000, 7);
  const random = randomStream(5, 'sample');
  const cuts = Array.from({ length: 200 }, () => 1 + random.integer(1900));
  await using at = await setUp({ cuts: [...cuts] }, body);
  await at.fetchIt({ expected: { checksums: [sha256(sha256Of(body))] } });
  expect(sha256Of(readFileSync(at.file))).toBe(sha256Of(body));
  expect(at.server.requests).toHaveLength(201);
  // Each went on where the one before had ended, and asked for this very version.
  const starts = ranges(at.server)
    .slice(1)
    .map((range) => Number(/\d+/.exec(range ?? '0')![0]));
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  expect(starts.at(-1)).toBeLessThanOrEqual(cuts.reduce((sum, cut) => sum + cut, 0));
  expect(at.server.requests.at(-1)!.headers['if-range']).toBe(etagOf(body));
});

test('a later download goes on with what an earlier one left', async () => {
  await using at = await setUp({ cuts: [4000, 0, 0, 0] });
  const error = withoutSecrets(await labError(() => at.fetchIt({ patience: { ...quick, retries: 2 } }), 'download'));
  expect(error.message).toBe('The file: the connection was cut after 4,000 of 10,000 bytes.');
  expect(readdirSync(at.folder).sort()).toEqual(['file.bin.part', 'file.bin.part.json']);
  expect(readFileSync(`${at.file}.part.json`, 'utf8')).not.toMatch(/SECRET|QUERY/);
  at.served.cuts = [];
  const progress: Progress[] = [];
  await at.fetchIt({ onProgress: (each) => progress.push(each) });
  expect(progress[0]).toEqual({ done: 4000, total: 10_000 });
  expect(ranges(at.server).at(-1)).toBe('bytes=4000-');
  expect(readFileSync(at.file)).toEqual(Buffer.from(at.body));
});

test('a part that was whole when the program ended costs one byte more', async () => {
  await using at = await setUp();
  writeFileSync(`${at.file}.part`, at.body);
  writeFileSync(
    `${at.file}.part.json`,
    JSON.stringify({ url: `${at.server.origin}/file.bin`, etag: etagOf(at.body), lastModified: null, size: 10_000 }),
  );
  await at.fetchIt();
  expect(ranges(at.server)).toEqual(['bytes=9999-']);
  expect(readFileSync(at.file)).toEqual(Buffer.from(at.body));
});

test('of a file whose size is not told, a cut behind its last byte costs that byte', async () => {
  await using at = await setUp({ contentLength: null, cuts: [10_000] });
  await at.fetchIt();
  expect(ranges(at.server)).toEqual([undefined, 'bytes=9999-']);
  expect(readFileSync(at.file)).toEqual(Buffer.from(at.body));
});

test.each<[string, Partial<ServedFile>]>([
  ['ignores ranges', { ignoreRange: true }],
  ['has no entity tag', { etag: null }],
  ['has weak entity tags only', { etag: 'W/"1"' }],
])('a server that %s: the file is begun again, and is right', async (_, fault) => {
  await using at = await setUp({ ...fault, cuts: [4000] });
  await at.fetchIt();
  expect(readFileSync(at.file)).toEqual(Buffer.from(at.body));
  expect(at.server.requests).toHaveLength(2);
});

test.each([[false], [true]])(
  'a file that changes between two requests is begun again (server ignores If-Range: %s)',
  async (ignoreIfRange) => {
    const after = content(9000, 2);
    await using at = await setUp({ cuts: [4000, 0, 0], ignoreIfRange });
    await labError(() => at.fetchIt({ patience: { ...quick, retries: 1 } }), 'download');
    at.served.body = after;
    at.served.cuts = [];
    await at.fetchIt();
    expect(readFileSync(at.file)).toEqual(Buffer.from(after));
  },
);

test('a file that changes and is cut each time comes to an end', async () => {
  await using at = await setUp({ cuts: Array<number>(100).fill(4000) });
  const changes = setInterval(() => (at.served.etag = `"${Math.random()}"`), 1);
  try {
    await labError(() => at.fetchIt(), 'download');
    expect(at.server.requests.length).toBeLessThan(100);
  } finally {
    clearInterval(changes);
  }
});

test.each([
  ['bytes 3999-9999/10000'],
  ['bytes 4000-9999/9999'],
  ['bytes 4000-9999/20000'],
  ['bytes 4000-3000/10000'],
  ['4000-9999'],
])('Content-Range "%s" is not believed, and what has arrived stays', async (contentRange) => {
  await using at = await setUp({ cuts: [4000], contentRange });
  const error = withoutSecrets(await labError(() => at.fetchIt(), 'download'));
  expect(error.message).toContain(
    `asked for the bytes from 4000 of 10000, but ${at.server.origin}/file.bin answered with "${contentRange}"`,
  );
  expect(readFileSync(`${at.file}.part`)).toEqual(Buffer.from(at.body.subarray(0, 4000)));
  expect(existsSync(at.file)).toBe(false);
});

test('a part that the server has no more of is begun again', async () => {
  await using at = await setUp({}, content(3000, 3));
  writeFileSync(`${at.file}.part`, content(5000));
  writeFileSync(
    `${at.file}.part.json`,
    JSON.stringify({ url: `${at.server.origin}/file.bin`, etag: etagOf(at.body), lastModified: null, size: null }),
  );
  await at.fetchIt();
  expect(readFileSync(at.file)).toEqual(Buffer.from(at.body));
});

test.each([
  ['longer than the file', 12_000, 'The file: nothing has arrived for 1 s.'],
  ['shorter than the file', 8000, 'The file: expected 10,000 bytes, found 8,000.'],
])('a Content-Length that is %s', async (_, contentLength, message) => {
  await using at = await setUp({ contentLength, ignoreRange: true });
  const error = await labError(
    () => at.fetchIt(contentLength < 10_000 ? { expected: { size: 10_000 } } : {}),
    'download',
  );
  expect(error.message).toBe(message);
  expect(existsSync(at.file)).toBe(false);
});

test('a rest that is longer than announced is thrown away with what it was to follow', async () => {
  await using at = await setUp({ surplus: content(10), contentLength: null });
  writeFileSync(`${at.file}.part`, at.body.subarray(0, 4000));
  writeFileSync(
    `${at.file}.part.json`,
    JSON.stringify({ url: `${at.server.origin}/file.bin`, etag: etagOf(at.body), lastModified: null, size: 10_000 }),
  );
  const error = await labError(() => at.fetchIt({ patience: { ...quick, retries: 0 } }), 'download');
  expect(error.message).toBe('The file: the server sent more than it announced.');
  expect(readdirSync(at.folder)).toEqual([]);
});

test('a file that is sent compressed is refused, as its size and hash would be those of something else', async () => {
  await using at = await setUp({ headers: { 'content-encoding': 'gzip' } });
  const error = await labError(() => at.fetchIt(), 'download');
  expect(error.message).toContain('sends the file compressed (gzip), although LossLab asked for it uncompressed');
  expect(readdirSync(at.folder)).toEqual([]);
});

test('a silent connection counts as cut', async () => {
  await using at = await setUp({ stalls: [5000] });
  await at.fetchIt();
  expect(readFileSync(at.file)).toEqual(Buffer.from(at.body));
  expect(ranges(at.server)).toEqual([undefined, 'bytes=5000-']);
  at.served.stalls = Array<number>(10).fill(0);
  const error = await labError(() => at.fetchIt({ patience: { ...quick, stall: 20, retries: 1 } }), 'download');
  expect(error.message).toBe('The file: nothing has arrived for 1 s.');
});

test.each([
  [401, 'it needs credentials'],
  [403, 'it does not allow access'],
  [404, 'it was not found'],
  [410, 'this answer was not expected'],
])('status %i is told at once', async (code, meaning) => {
  await using at = await setUp({ status: { code } });
  const error = withoutSecrets(await labError(() => at.fetchIt(), 'download'));
  expect(error.message).toBe(`The file: ${at.server.origin}/file.bin answers with status ${code}: ${meaning}.`);
  expect(at.server.requests).toHaveLength(1);
  expect(readdirSync(at.folder)).toEqual([]);
});

test.each([408, 429, 500, 502, 503, 504])('status %i is waited out, and told when it lasts', async (code) => {
  await using at = await setUp({ status: { code, times: 3 } });
  await at.fetchIt();
  expect(at.server.requests).toHaveLength(4);
  at.served.status = { code };
  const error = await labError(() => at.fetchIt({ patience: { ...quick, retries: 2 } }), 'download');
  expect(error.message).toContain(`answers with status ${code}`);
  expect(at.server.requests).toHaveLength(7);
});

test.each([
  ['Retry-After in seconds', { 'retry-after': '1' }],
  ['Retry-After as a date', () => ({ 'retry-after': new Date(Date.now() + 2000).toUTCString() })],
  ["the Hub's RateLimit", { ratelimit: '"api";r=0;t=1' }],
])('%s is kept to', async (_, headers) => {
  await using at = await setUp({
    status: { code: 429, times: 1, headers: typeof headers === 'function' ? headers() : headers },
  });
  const start = performance.now();
  await at.fetchIt();
  expect(performance.now() - start).toBeGreaterThan(950);
});

test('a server that asks for an hour is not waited for', async () => {
  await using at = await setUp({ status: { code: 429, headers: { 'retry-after': '3600' } } });
  const error = await labError(() => at.fetchIt(), 'download');
  expect(error.message).toBe(
    `The file: ${new URL(at.server.origin).host} answers with status 429, which means too many requests, and the server asks for a pause of 60 minutes.`,
  );
  expect(at.server.requests).toHaveLength(1);
});

test.each([
  ['says that it is one', { 'content-type': 'text/html; charset=utf-8' }, 'Please log in'],
  ['calls itself JSON', { 'content-type': 'application/json' }, '\uFEFF\n<!DOCTYPE html><title>Log in</title>'],
])('a web page that %s is no file, and what had arrived stays', async (_, headers, page) => {
  await using at = await setUp({ cuts: [4000, 0, 0] });
  await labError(() => at.fetchIt({ patience: { ...quick, retries: 1 } }), 'download');
  at.server.files['/file.bin'] = { body: Buffer.from(page), headers };
  const error = withoutSecrets(await labError(() => at.fetchIt(), 'download'));
  expect(error.message).toBe(
    `The file: the server sent a web page instead of the file (status 200, ${at.server.origin}/file.bin).`,
  );
  expect(readFileSync(`${at.file}.part`)).toEqual(Buffer.from(at.body.subarray(0, 4000)));
});

test('wrong content is removed, and the message has both sums', async () => {
  await using at = await setUp();
  const error = await labError(() => at.fetchIt({ checksumsOf: () => [md5('0'.repeat(32))] }), 'download');
  expect(error.message).toContain(
    `expected MD5 ${'0'.repeat(32)}, found ${createHash('md5').update(at.body).digest('hex')}`,
  );
  expect(readdirSync(at.folder)).toEqual([]);
});

test('more bytes than expected are not written without end', async () => {
  await using at = await setUp({ contentLength: null }, content(500_000));
  await labError(() => at.fetchIt({ expected: { size: 10 } }), 'download');
  expect(existsSync(at.file)).toBe(false);
});

test('where a redirect leads to another origin, nobody there learns who asks', async () => {
  await using storage = await fileServer({ '/signed': { body: content(2000), cuts: [1000] } });
  await using at = await setUp({ redirect: '/elsewhere' });
  at.server.files['/elsewhere'] = { body: new Uint8Array(), redirect: `${storage.origin}/signed?signature=QUERY` };
  await at.fetchIt({ headers: { Authorization: secret, Cookie: 'SECRET', 'x-other': '1' } });
  expect(at.server.requests.map(({ headers }) => headers.authorization)).toEqual([secret, secret, secret, secret]);
  expect(storage.requests.map(({ headers }) => [headers.authorization, headers.cookie, headers['x-other']])).toEqual([
    [undefined, undefined, '1'],
    [undefined, undefined, '1'],
  ]);
  expect(storage.requests[1]!.headers.range).toBe('bytes=1000-');
  expect(readFileSync(at.file)).toEqual(Buffer.from(content(2000)));
});

test('authorisation that was left behind is not taken up again on the way back', async () => {
  await using at = await setUp();
  await using other = await fileServer({ '/': { body: new Uint8Array(), redirect: at.server.url('/file.bin').href } });
  at.server.files['/start'] = { body: new Uint8Array(), redirect: other.origin };
  await at.fetchIt({ url: at.server.url('/start') });
  expect(at.server.requests.map(({ headers }) => headers.authorization)).toEqual([secret, undefined]);
});

test.each([
  ['in circles', '/file.bin', 'redirects more than 10 times'],
  ['to a file of this machine', 'file:///etc/passwd', 'redirects to something that is not a web address'],
  ['nowhere', 'http://', 'redirects to something that is not a web address'],
])('a redirect that leads %s', async (_, redirect, message) => {
  await using at = await setUp({ redirect });
  expect(withoutSecrets(await labError(() => at.fetchIt(), 'download')).message).toContain(message);
});

test('cancelling keeps what has arrived, and rejects with the reason', async () => {
  await using at = await setUp({ stalls: [5000] });
  const controller = new AbortController();
  const reason = new Error('enough');
  await expect(
    at.fetchIt({ signal: controller.signal, onProgress: ({ done }) => done === 5000 && controller.abort(reason) }),
  ).rejects.toBe(reason);
  expect(statSync(`${at.file}.part`).size).toBe(5000);
  expect(existsSync(`${at.file}.part.lock`)).toBe(false);
  await at.fetchIt();
  expect(readFileSync(at.file)).toEqual(Buffer.from(at.body));
});

test('cancelling ends a wait, too', async () => {
  await using at = await setUp({ status: { code: 503, headers: { 'retry-after': '100' } } });
  const signal = AbortSignal.timeout(50);
  await expect(at.fetchIt({ signal })).rejects.toBe(
    await new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason))),
  );
});

test('one writer at a time; one that was killed holds nothing up', async () => {
  await using at = await setUp({ stalls: [5000] });
  const controller = new AbortController();
  const first = at.fetchIt({ signal: controller.signal, patience }).catch(() => 'cancelled');
  await expect.poll(() => statSync(`${at.file}.part`, { throwIfNoEntry: false })?.size).toBe(5000);
  expect((await labError(() => at.fetchIt(), 'storage')).message).toBe('The file is being downloaded already.');
  controller.abort();
  expect(await first).toBe('cancelled');
  writeFileSync(`${at.file}.part.lock`, JSON.stringify({ pid: 1, startToken: '' }));
  expect((await labError(() => at.fetchIt(), 'storage')).message).toBe(
    'The file is being downloaded by another program (process 1).',
  );
  writeFileSync(`${at.file}.part.lock`, JSON.stringify({ pid: 2 ** 22 + 1, startToken: '' }));
  await at.fetchIt();
  expect(readdirSync(at.folder)).toEqual(['file.bin']);
});

test('a server that is not there, a folder that is not there, a token with a line break', async () => {
  const server = await fileServer();
  await server[Symbol.asyncDispose]();
  const file = join(temporaryFolder(), 'file.bin');
  const options = { url: server.url('/file.bin'), file, what: 'The file', patience: { ...quick, retries: 1 } };
  expect((await labError(() => download(options), 'download')).message).toBe(
    `The file: ${new URL(server.origin).host} cannot be reached (ECONNREFUSED).`,
  );
  await labError(() => download({ ...options, file: join(temporaryFolder(), 'none', 'file.bin') }), 'storage');
  withoutSecrets(
    await labError(() => download({ ...options, headers: { Authorization: `${secret}\n` } }), 'configuration'),
  );
});

test('a disk without room for it is told before anything is fetched', async () => {
  await using at = await setUp({ contentLength: 2 ** 49 });
  expect((await labError(() => at.fetchIt(), 'storage')).message).toMatch(
    /^The file needs [\d.]+ [kMGT]?B in .*; its disk has [\d.]+ [kMGT]?B free\.$/,
  );
  expect(readdirSync(at.folder)).toEqual([]);
});
