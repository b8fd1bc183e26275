/**
 * Entry of the process in which answers are encoded and ranked for screens: neither the lab's other
 * work nor its window waits for it, and the memory of its embeddings goes with it.
 */
import { LabError } from '../../shared/errors.ts';
import { ownerChannel } from '../work/ownerChannel.ts';
import { Inspector, type InspectorCalls, type Watch } from './inspector.ts';
import type { InspectorMethod, MessageFromInspector, MessageToInspector } from './messages.ts';

// A terminal sends interrupts to every process in the foreground; its owner decides.
process.on('SIGINT', () => undefined);
const owner = ownerChannel();
owner.onClose(() => process.exit(0));

const progressMilliseconds = 100;
let inspector: InspectorCalls | undefined;
const going = new Map<number, AbortController>();

owner.onMessage((received) => {
  const message = received as MessageToInspector;
  switch (message.type) {
    case 'open':
      inspector = new Inspector(message.cache);
      return;
    case 'call':
      return void answer(message.id, message.method, message.argument);
    case 'cancel':
      going.get(message.id)?.abort(new LabError('usage', 'Cancelled.'));
  }
});

async function answer(id: number, method: InspectorMethod, argument: unknown): Promise<void> {
  const controller = new AbortController();
  going.set(id, controller);
  try {
    // The owner's side has the types of `InspectorCalls`.
    const call = inspector![method].bind(inspector) as (argument: unknown, watch: Watch) => Promise<unknown>;
    send({ type: 'answer', id, result: await call(argument, { signal: controller.signal, onProgress: reporter(id) }) });
  } catch (error) {
    send({ type: 'failed', id, failure: failureOf(error) });
  } finally {
    going.delete(id);
  }
}

function reporter(id: number): NonNullable<Watch['onProgress']> {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - last < progressMilliseconds) return;
    last = now;
    send({ type: 'progress', id, progress });
  };
}

function send(message: MessageFromInspector): void {
  owner.send(message);
}

function failureOf(error: unknown): Extract<MessageFromInspector, { type: 'failed' }>['failure'] {
  if (error instanceof LabError) return { code: error.code, message: error.message, fix: error.fix };
  return {
    code: 'internal',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    fix: '',
  };
}
