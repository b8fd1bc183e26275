import { Command } from 'commander';
import { createLabService, type LabService } from '../../lab/service/service.ts';
import { openHome } from '../../lab/files/home.ts';
import { isLoopback } from '../../server/access.ts';
import { startServer } from '../../server/server.ts';
import { openBrowser } from '../browser.ts';
import { launcher } from '../launcher.ts';
import { say, type CommonOptions } from '../output.ts';
import { requireScreens, screensFolder } from '../screens.ts';
import { portNumber } from '../values.ts';

interface Options extends CommonOptions {
  readonly port: number;
  readonly host: string;
  readonly open?: boolean;
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve the screens to a browser on this or another machine.')
    .option('--port <number>', 'port to listen on; 0 chooses a free one', portNumber, 0)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--open', 'open the screens in the browser')
    .addHelpText('after', tunnelHelp)
    .action(run);
}

const tunnelHelp = `
The address that is printed has a token at its end, another one after each start: who has it can use this lab.
For a machine elsewhere, better than --host is a tunnel:
  ssh -L 8321:127.0.0.1:8321 machine losslab serve --port 8321
Ctrl-C stops training after a checkpoint and ends; once more ends at once.`;

async function run(options: Options): Promise<void> {
  const home = openHome(options.home);
  await requireScreens((line) => say(options, line));
  const service = createLabService({ home, launcher });
  // Before the address is printed: from then on, clients can start work that must be stopped.
  const interrupted = untilInterrupted(service);
  const server = await startServer({
    service,
    home,
    root: screensFolder,
    host: options.host,
    port: options.port,
  }).catch(async (error: unknown) => {
    await service.close();
    throw error;
  });
  const { address, port } = server;
  if (!isLoopback(options.host)) process.stderr.write(unencrypted(options.host));
  process.stdout.write(options.json ? `${JSON.stringify({ address, port })}\n` : `LossLab is at ${address}\n`);
  if (options.open) openBrowser(address);
  await interrupted;
  await service.close();
  await server.close();
}

function unencrypted(host: string): string {
  return `Warning: other machines can reach ${host}, and the connection is not encrypted: others can read the token. Use it only in networks that you trust, or use an SSH tunnel (losslab serve --help).\n`;
}

/** Resolves at the first Ctrl-C. The second ends the process and all training processes. */
function untilInterrupted(service: LabService): Promise<void> {
  return new Promise((resolve) => {
    let interrupts = 0;
    const onInterrupt = (): void => {
      interrupts++;
      if (interrupts > 1) process.exit(130);
      if (service.busy()) process.stderr.write('\nStopping after a checkpoint. Press Ctrl-C again to stop at once.\n');
      resolve();
    };
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onInterrupt);
  });
}
