import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { LabError } from '../shared/errors.ts';
import type { Home } from '../lab/files/home.ts';
import { allowedNames, bracketed, createAccess, isAddressed, isSameOrigin } from './access.ts';
import type { ScreenService } from './calls.ts';
import { answerRequest, type Site } from './requests.ts';
import { largestRequestBytes, serveScreen } from './rpc.ts';
import { openUploads } from './uploads.ts';

export interface ServerOptions {
  readonly service: ScreenService;
  readonly home: Home;
  /** The folder of the built screens. */
  readonly root: string;
  /** Only this machine by default. */
  readonly host?: string;
  /** 0 for any free port. */
  readonly port?: number;
}

export interface RunningServer {
  /** Includes the token, which gives full access. */
  readonly address: string;
  readonly port: number;
  /** Closes the connections to the screens, and deletes the files that they uploaded. */
  close(): Promise<void>;
}

/**
 * The screens over HTTP, and the contract over a WebSocket. Throws a `usage` LabError if the port or host cannot be
 * used.
 */
export async function startServer({
  service,
  home,
  root,
  host = '127.0.0.1',
  port = 0,
}: ServerOptions): Promise<RunningServer> {
  const server = http.createServer();
  const actualPort = await listen(server, host, port);
  const site: Site = { root, access: createAccess(actualPort), names: allowedNames(host), uploads: openUploads(home) };
  server.on('request', (request, response) => {
    answerRequest(site, request, response).catch(() => response.destroy());
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestRequestBytes });
  server.on('upgrade', (request, socket, head) => {
    const refusal = whyNot(site, request);
    if (refusal !== null) return rejectUpgrade(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (screen) => serveScreen(screen, service));
  });
  return {
    address: `http://${bracketed(reachable(host))}:${actualPort}/?token=${site.access.token}`,
    port: actualPort,
    async close() {
      for (const screen of sockets.clients) screen.close(1001, 'LossLab has ended');
      const closed = new Promise((resolve) => server.close(resolve));
      setTimeout(() => sockets.clients.forEach((screen) => screen.terminate()), goodbyeMilliseconds).unref();
      server.closeAllConnections();
      await closed;
      site.uploads.close();
    },
  };
}

/** For a screen that does not close its connection. */
const goodbyeMilliseconds = 1000;

function listen(server: http.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): LabError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another program uses it',
    EACCES: 'this user is not allowed to use it',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'no host has that name',
  };
  const reason = reasons[error.code ?? ''] ?? error.message;
  return new LabError(
    'usage',
    `LossLab cannot listen on port ${port} of ${host}: ${reason}.`,
    'Choose another --port or --host, or omit both to use the defaults.',
    { cause: error },
  );
}

/** The address for all interfaces cannot be opened in a browser. */
function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? 'localhost' : host;
}

function whyNot({ names, access }: Site, request: IncomingMessage): string | null {
  if (request.url !== '/rpc') return '404 Not Found';
  if (!isAddressed(request, names) || !isSameOrigin(request)) return '403 Forbidden';
  return access.hasCookie(request) ? null : '401 Unauthorized';
}

function rejectUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
