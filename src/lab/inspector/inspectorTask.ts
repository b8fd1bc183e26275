import { defineService } from '../work/task.ts';
import type { InspectorCalls, Watch } from './inspector.ts';

/** A call of an inspector; its result is what the method gives. */
export interface InspectorCall {
  readonly method: keyof InspectorCalls;
  readonly argument: unknown;
}

export interface InspectorSetup {
  /** Folder for what can be computed again. */
  readonly cache: string;
}

/** Encodes and ranks answers, and keeps them for the next question: the memory of its embeddings goes with the worker. */
export const inspectorTask = defineService<InspectorSetup, InspectorCall, unknown>({
  module: import.meta.url,
  what: 'The process that looks into runs',
  fix: 'Inspect fewer runs at once and try again: the machine may have run out of memory.',
  async open({ cache }) {
    const { Inspector } = await import('./inspector.ts');
    const inspector: InspectorCalls = new Inspector(cache);
    return ({ method, argument }, { signal, report }) => {
      // The owner's side has the types of `InspectorCalls`.
      const call = inspector[method].bind(inspector) as (argument: unknown, watch: Watch) => Promise<unknown>;
      return call(argument, { signal, onProgress: report });
    };
  },
});
