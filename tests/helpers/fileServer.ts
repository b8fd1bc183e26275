import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test server has at a path, and what goes wrong with it. Change it between requests as you like. */
export interface ServedFile {
  body: Uint8Array;
  /** Further headers of every answer, such as Content-Type. */
  headers?: Record<string, string>;
  /** In its quotes; the default is made from the body, null is none. */
  etag?: string | null;
  /** Answers with this status and nothing else, the first `times` times (default: always). */
  status?: { code: number; times?: number; headers?: Record<string, string>; body?: string };
  /** Where it leads instead. */
  redirect?: string;
  /** The connection ends after so many bytes of an answer, the first time for each entry. */
  cuts?: number[];
  /** As a cut, but the connection stays open and silent. */
  stalls?: number[];
  /** As if the server knew no ranges. */
  ignoreRange?: boolean;
  /** As if it knew no If-Range. */
  ignoreIfRange?: boolean;
  /** Sent behind the body. */
  surplus?: Uint8Array;
  /** Instead of the true ones. */
  contentRange?: string;
  contentLength?: number | null;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server of files on a port of its own: `await using server = await fileServer({ '/a.bin': { body } })`. */
export interface FileServer extends AsyncDisposable {
  /** Such as http://127.0.0.1:1234, another origin than that of every other server. */
  readonly origin: string;
  readonly files: Record<string, ServedFile>;
  readonly requests: RecordedRequest[];
  url(path: string): URL;
}

/** `notFound`: what is answered at any other path. */
export async function fileServer(
  files: Record<string, ServedFile> = {},
  notFound: (path: string) => NonNullable<ServedFile['status']> = () => ({ code: 404, body: 'Not Found' }),
): Promise<FileServer> {
  const requests: RecordedRequest[] = [];
  const server = http.createServer((incoming, response) => {
    const path = new URL(incoming.url!, 'http://localhost').pathname;
    requests.push({ method: incoming.method!, path: incoming.url!, headers: incoming.headers });
    const name = decodeURIComponent(path);
    answer(files[name] ?? { body: new Uint8Array(), status: notFound(name) }, incoming, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    files,
    requests,
    url: (path) => new URL(path, origin),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(file: ServedFile, incoming: IncomingMessage, response: ServerResponse): void {
  const { status } = file;
  if (status && (status.times === undefined || status.times-- > 0))
    return void response.writeHead(status.code, status.headers).end(status.body);
  if (file.redirect !== undefined)
    return void response.writeHead(302, { location: file.redirect, ...file.headers }).end();
  const etag = file.etag === undefined ? etagOf(file.body) : file.etag;
  const from = rangeStart(file, incoming.headers, etag);
  if (from >= file.body.length && from > 0)
    return void response.writeHead(416, { 'content-range': `bytes */${file.body.length}` }).end();
  const bytes = Buffer.concat([file.body.subarray(from), file.surplus ?? new Uint8Array()]);
  const length = file.contentLength === undefined ? bytes.length : file.contentLength;
  response.writeHead(from > 0 ? 206 : 200, {
    'accept-ranges': 'bytes',
    ...(etag !== null && { etag }),
    ...(length !== null && { 'content-length': length }),
    ...(from > 0 && {
      'content-range': file.contentRange ?? `bytes ${from}-${file.body.length - 1}/${file.body.length}`,
    }),
    ...file.headers,
  });
  if (incoming.method === 'HEAD') return void response.end();
  send(bytes, file, response);
}

function send(bytes: Uint8Array, { cuts, stalls }: ServedFile, response: ServerResponse): void {
  const cut = cuts?.shift();
  // Not at once: what has arrived and was not yet read is lost to the other side with the connection.
  if (cut !== undefined)
    return void response.write(bytes.subarray(0, cut), () => setTimeout(() => response.destroy(), 10));
  const stall = stalls?.shift();
  if (stall !== undefined) return void response.write(bytes.subarray(0, stall));
  // strictContentLength is off: a wrong Content-Length goes out as it is.
  response.end(bytes);
}

function rangeStart(
  { ignoreRange, ignoreIfRange }: ServedFile,
  headers: IncomingHttpHeaders,
  etag: string | null,
): number {
  const from = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
  if (from === undefined || ignoreRange) return 0;
  const condition = headers['if-range'];
  return condition !== undefined && condition !== etag && !ignoreIfRange ? 0 : Number(from);
}

export function etagOf(body: Uint8Array): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}
