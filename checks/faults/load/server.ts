import { screensFolder } from '../../../src/cli/screens.ts';
import { createLabService } from '../../../src/lab/service/service.ts';
import { openHome } from '../../../src/lab/files/home.ts';
import { nodeLauncher } from '../../../src/lab/work/nodeProcesses.ts';
import { startServer } from '../../../src/server/server.ts';

/** `losslab serve`, or the app's own half of it, with a scripted training process in the place of the real one: node --expose-gc server.ts HOME. */
const home = openHome(process.argv[2]);
const service = createLabService({ home, launcher: nodeLauncher(new URL('trainer.ts', import.meta.url)) });
const server = await startServer({ service, home, root: screensFolder });
process.send!({ address: server.address });
process.on('message', () => {
  global.gc!();
  process.send!({ heapBytes: process.memoryUsage().heapUsed, residentBytes: process.memoryUsage.rss() });
});
process.once('SIGTERM', () => void service.close().then(() => process.exit(0)));
