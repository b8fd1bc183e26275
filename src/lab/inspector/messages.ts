import type { Failure } from '../../shared/contract/messages.ts';
import type { InspectorProgress } from '../../shared/contract/inspector.ts';
import type { InspectorCalls } from './inspector.ts';

/** What an inspector's process and its owner say to each other, over a channel that keeps typed arrays. */
export type InspectorMethod = keyof InspectorCalls;

export type MessageToInspector =
  /** First of all: where what can be computed again is kept. */
  | { readonly type: 'open'; readonly cache: string }
  | { readonly type: 'call'; readonly id: number; readonly method: InspectorMethod; readonly argument: unknown }
  | { readonly type: 'cancel'; readonly id: number };

export type MessageFromInspector =
  | { readonly type: 'progress'; readonly id: number; readonly progress: InspectorProgress }
  | { readonly type: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure };
