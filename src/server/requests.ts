import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../shared/errors.ts';
import { toFailure } from '../lab/work/failure.ts';
import { isAddressed, isSameOrigin, type Access } from './access.ts';
import { securityHeaders } from './headers.ts';
import { findScreen } from './screens.ts';
import type { Uploads } from './uploads.ts';

/** Everything that an answer to a request depends on. */
export interface Site {
  /** The folder of the built screens. */
  readonly root: string;
  readonly access: Access;
  readonly names: ReadonlySet<string>;
  readonly uploads: Uploads;
}

/** Answers one request: the token's address, a file of the screens, or an upload; everything else is refused. */
export async function answerRequest(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  if (!isAddressed(request, site.names))
    return refuse(response, 403, 'This server only accepts the host names of its own machine.');
  // Only path and query are used. The origin is a placeholder, because the request may have none.
  const url = parseTarget(request);
  if (url === null) return refuse(response, 400, 'This is not a valid address.');
  const reading = request.method === 'GET' || request.method === 'HEAD';
  const token = url.searchParams.get('token');
  if (reading && url.pathname === '/' && token !== null && site.access.isToken(token)) return welcome(site, response);
  if (!site.access.hasCookie(request)) return refuse(response, 401, howToEnter);
  if (reading) return sendScreen(site.root, url.pathname, request, response);
  if (request.method === 'POST' && url.pathname === '/files')
    return receiveFile(site.uploads, url.searchParams.get('name') ?? '', request, response);
  response.setHeader('Allow', url.pathname === '/files' ? 'POST' : 'GET, HEAD');
  refuse(response, 405, 'This address does not support this request method.');
}

const howToEnter =
  'This is LossLab. To sign in, open the complete address that "losslab serve" has printed, including the token at its end. Each start creates a new token.';

function parseTarget(request: IncomingMessage): URL | null {
  return request.url?.startsWith('/') ? URL.parse(`http://localhost${request.url}`) : null;
}

/** Removes the token from the address, so that neither the browser's history nor a screenshot shows it. */
function welcome(site: Site, response: ServerResponse): void {
  response.writeHead(303, { 'Set-Cookie': site.access.cookie, 'Cache-Control': 'no-store', Location: '/' }).end();
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      Connection: 'close',
    })
    .end(`${text}\n`);
}

async function sendScreen(
  root: string,
  urlPath: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const screen = findScreen(root, urlPath);
  if (screen === null) return refuse(response, 404, 'This page does not exist.');
  const { size } = fs.statSync(screen.file);
  response.writeHead(200, { 'Content-Type': screen.type, 'Content-Length': size, 'Cache-Control': screen.caching });
  if (request.method === 'HEAD') return void response.end();
  await pipeline(fs.createReadStream(screen.file), response);
}

async function receiveFile(
  uploads: Uploads,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isSameOrigin(request)) return refuse(response, 403, 'This server only accepts files from its own screens.');
  try {
    const file = await uploads.save(name, request, Number(request.headers['content-length'] ?? 0));
    response
      .writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
      .end(JSON.stringify({ file }));
  } catch (error) {
    const { message, fix } = toFailure(error);
    refuse(response, error instanceof LabError ? 507 : 500, `${message} ${fix}`);
  }
}
