import type { EmbeddingMap, MapProgress } from '../../shared/contract/map.ts';
import { LabError } from '../../shared/errors.ts';
import type { ProcessLauncher } from '../work/processes.ts';
import type { MapJob, MessageFromMap } from './job.ts';
import { fromFailure } from '../work/failure.ts';

/** `makeMap` in a process of its own, which ends with the map. Throws what it throws, and the reason of `signal` at once. */
export async function makeMapApart(
  launcher: ProcessLauncher,
  job: MapJob,
  signal: AbortSignal,
  onProgress: (progress: MapProgress) => void,
): Promise<EmbeddingMap> {
  signal.throwIfAborted();
  const child = launcher.launch('map');
  let errors = '';
  child.onErrorOutput((text) => (errors = (errors + text).slice(-2000)));
  const made = new Promise<EmbeddingMap>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    child.onMessage((received) => {
      const message = received as MessageFromMap;
      if (message.type === 'progress') onProgress(message.progress);
      else if (message.type === 'made') resolve(message.map);
      else reject(fromFailure(message.failure));
    });
    // After an answer this is too late to change anything.
    child.onExit(({ code }) =>
      reject(
        new LabError(
          'storage',
          `The process that makes the map has ended before it was made (exit code ${code}).${errors && `\n${errors.trim()}`}`,
          'The machine may have run out of memory: try again when less is going on.',
        ),
      ),
    );
    child.send(job);
  });
  return made.finally(() => child.kill());
}
