/** Entry of the process that makes one map: it takes seconds of one processor, and whoever no longer wants it ends the process. */
import type { MapProgress } from '../../shared/contract/map.ts';
import { toFailure } from '../work/failure.ts';
import { ownerChannel } from '../work/ownerChannel.ts';
import type { MapJob, MessageFromMap } from './job.ts';
import { makeMap } from './makeMap.ts';

// A terminal sends interrupts to every process in the foreground; its owner decides.
process.on('SIGINT', () => undefined);
const owner = ownerChannel();
owner.onClose(() => process.exit(0));

const progressMilliseconds = 100;
let lastReport = -Infinity;

owner.onMessage((job) => {
  makeMap(job as MapJob, report).then(
    (map) => send({ type: 'made', map }),
    (error: unknown) => send({ type: 'failed', failure: toFailure(error) }),
  );
});

function report(progress: MapProgress): void {
  const now = performance.now();
  if (now - lastReport < progressMilliseconds) return;
  lastReport = now;
  send({ type: 'progress', progress });
}

function send(message: MessageFromMap): void {
  owner.send(message);
}
