import { screensFolder } from '../../../src/cli/screens.ts';
import { createLabService } from '../../../src/lab/service/service.ts';
import { openHome } from '../../../src/lab/files/home.ts';
import { nodeLauncher } from '../../../src/lab/work/nodeProcesses.ts';
import { startServer } from '../../../src/server/server.ts';

/** `losslab serve` with the scripted training process in the place of the real one: node server.ts HOME. Prints the address. */
const [folder] = process.argv.slice(2);
if (!folder) throw new Error('The home folder is missing: without it, this would use your own.');
const home = openHome(folder);
const launcher = nodeLauncher(new URL('trainer.ts', import.meta.url));
const service = createLabService({ home, launcher });
const server = await startServer({ service, home, root: screensFolder });
console.log(server.address);
process.once('SIGTERM', () => void service.close().then(() => server.close()));
