import http from 'node:http';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { onTestFinished } from 'vitest';
import { openHome, type Home } from '../../src/lab/files/home.ts';
import { startServer, type RunningServer, type ServerOptions } from '../../src/server/server.ts';
import type { ScreenService } from '../../src/server/calls.ts';
import { decodeMessage, encodeMessage } from '../../src/shared/contract/codec.ts';
import type { Notification } from '../../src/shared/contract/contract.ts';

/** A real server over a lab that only echoes, and the requests that browsers and attackers make. */

export interface TestServer extends RunningServer {
  readonly home: Home;
  readonly token: string;
  readonly cookie: string;
  readonly origin: string;
}

const nobody: ScreenService = { connect: () => ({ call: () => Promise.resolve(null), close: () => undefined }) };

export async function testServer(options: Partial<Omit<ServerOptions, 'home' | 'root'>> = {}): Promise<TestServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'losslab-server-'));
  const root = path.join(folder, 'renderer');
  mkdirSync(path.join(root, 'assets'), { recursive: true });
  writeFileSync(path.join(root, 'index.html'), '<!doctype html><title>LossLab</title>');
  writeFileSync(path.join(root, 'assets', 'main-abc123.js'), 'export {};');
  writeFileSync(path.join(folder, 'secret.html'), 'secret');
  const home = openHome(path.join(folder, 'home'));
  const server = await startServer({ service: nobody, home, root, ...options });
  onTestFinished(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const token = new URL(server.address).searchParams.get('token')!;
  return {
    ...server,
    home,
    token,
    cookie: `losslab-${server.port}=${token}`,
    origin: `http://127.0.0.1:${server.port}`,
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A request whose path and headers, Host included, go out exactly as they are given. */
export function send(
  server: TestServer,
  target: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: http.OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port: server.port,
        path: target,
        method,
        headers: { ...(body && { 'Content-Length': Buffer.byteLength(body) }), ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** The same, by a browser that has been let in. */
export function sendAsOwner(
  server: TestServer,
  target: string,
  options: { method?: string; headers?: http.OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<Answer> {
  return send(server, target, {
    ...options,
    headers: { Cookie: server.cookie, Origin: server.origin, ...options.headers },
  });
}

export interface TestScreen {
  readonly socket: WebSocket;
  call(method: string, input: unknown): void;
  /** The next message from the server. */
  next(): Promise<unknown>;
  /** Resolves to the code that the connection was closed with. */
  readonly closed: Promise<number>;
}

/** Resolves to a connected screen, or to the HTTP status that the upgrade was refused with. */
export function openScreen(
  server: Pick<TestServer, 'port' | 'cookie' | 'origin'>,
  headers: Record<string, string> = { Cookie: server.cookie, Origin: server.origin },
  target = '/rpc',
): Promise<TestScreen | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${target}`, { headers });
  const messages: unknown[] = [];
  const waiting: ((message: unknown) => void)[] = [];
  socket.on('message', (data) => {
    const message = decodeMessage(data as Buffer);
    const receive = waiting.shift();
    if (receive) receive(message);
    else messages.push(message);
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  let id = 0;
  const screen: TestScreen = {
    socket,
    closed,
    call: (method, input) => socket.send(encodeMessage({ id: ++id, method, input })),
    next: () =>
      messages.length > 0 ? Promise.resolve(messages.shift()) : new Promise((resolve) => waiting.push(resolve)),
  };
  return new Promise((resolve) => {
    socket.on('open', () => resolve(screen));
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode!);
    });
    socket.on('error', () => undefined);
  });
}

/** A lab with the calls that a test gives it; `notify` reaches every screen that is there. */
export function stubService(
  call: (method: string, input: unknown) => Promise<unknown> = () => Promise.resolve(null),
): ScreenService & { notify(notification: Notification): void; readonly screens: number } {
  const listeners = new Set<(notification: Notification) => void>();
  return {
    connect(notify) {
      listeners.add(notify);
      return { call, close: () => void listeners.delete(notify) };
    },
    notify: (notification) => listeners.forEach((listener) => listener(notification)),
    get screens() {
      return listeners.size;
    },
  };
}
