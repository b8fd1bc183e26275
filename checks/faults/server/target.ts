import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { openHome, type Home } from '../../../src/lab/files/home.ts';
import { startServer, type RunningServer } from '../../../src/server/server.ts';

/** A real server over a lab that only echoes, with secrets around its files. */
export interface Target extends AsyncDisposable {
  readonly server: RunningServer;
  readonly home: Home;
  readonly token: string;
  readonly cookie: string;
  readonly origin: string;
}

/** A secret in every file that must not be exposed. */
export const secret = 'SECRET-OF-THE-OWNER';

export async function startTarget(folder: string): Promise<Target> {
  const root = join(folder, 'renderer');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>LossLab</title>');
  writeFileSync(join(root, 'assets', 'main-abc123.js'), 'export {};');
  // Files of served types beside the folder and in a folder with a similar name, and a file of another type inside.
  for (const file of ['secret.html', 'renderer-old/secret.html', 'renderer/secret.db', 'renderer/.env']) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), secret);
  }
  const home = openHome(join(folder, 'home'));
  const echo = {
    connect: () => ({
      call: (method: string, input: unknown) => Promise.resolve({ method, input }),
      close: () => undefined,
    }),
  };
  const server = await startServer({ service: echo, home, root });
  const token = new URL(server.address).searchParams.get('token')!;
  return {
    server,
    home,
    token,
    cookie: `losslab-${server.port}=${token}`,
    origin: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => server.close(),
  };
}

export interface RawAnswer {
  /** Null if the connection was closed without an answer. */
  readonly status: number | null;
  readonly text: string;
}

const patience = 5000;

/** Sends raw bytes, and reads until the end, or until shortly after the headers of an upgrade. */
export function sendRaw(port: number, request: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    let text = '';
    const end = (): void => {
      socket.destroy();
      resolve({ status: /^HTTP\/1\.1 (\d{3})/.exec(text) ? Number(text.slice(9, 12)) : null, text });
    };
    socket.setEncoding('latin1').setTimeout(patience, end);
    socket.on('data', (part: string) => {
      text += part;
      if (text.startsWith('HTTP/1.1 101') && text.includes('\r\n\r\n')) end();
    });
    socket.on('end', end).on('error', end);
    socket.write(request);
  });
}

/** Whether the server still accepts the owner. */
export async function isAlive({ server, cookie }: Target): Promise<boolean> {
  const { status, text } = await sendRaw(
    server.port,
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
  );
  return status === 200 && text.includes('<title>LossLab</title>');
}
