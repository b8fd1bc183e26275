import { eventually, startLosslab, type StartedCommand } from '../../../tests/helpers/commandLine.ts';
import { openScreen, type TestScreen } from '../../../tests/helpers/serverClient.ts';

/** A `losslab serve` in a separate process, with a connected screen. */
export interface Server {
  readonly command: StartedCommand;
  /** Returns the answer of the lab, or throws its failure. */
  readonly ask: (method: string, input: unknown) => Promise<unknown>;
}

export async function serve(home: string, environment: NodeJS.ProcessEnv = {}): Promise<Server> {
  const command = startLosslab(home, ['serve', '--json'], undefined, environment);
  let output = '';
  command.process.stdout!.on('data', (text: string) => (output += text));
  const line = await eventually('the address of a server', () => /^\{.*\}$/m.exec(output)?.[0], 180_000);
  const { address, port } = JSON.parse(line) as { address: string; port: number };
  const screen = await openScreen({
    port,
    origin: `http://127.0.0.1:${port}`,
    cookie: `losslab-${port}=${new URL(address).searchParams.get('token')!}`,
  });
  if (typeof screen === 'number') throw new Error(`the server refused its screen with status ${screen}`);
  return { command, ask: asking(screen) };
}

/** Calls methods in turn; ignores notifications. */
function asking(screen: TestScreen): Server['ask'] {
  return async (method, input) => {
    screen.call(method, input);
    for (;;) {
      const message = (await screen.next()) as { result?: unknown; failure?: { message: string } };
      if ('failure' in message) throw new Error(message.failure.message);
      if ('result' in message) return message.result;
    }
  };
}
