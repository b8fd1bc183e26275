import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from '../../src/lab/engine/onnxRuntime.ts';

/** ONNX Runtime's record of one node in one run. */
export interface ProfiledNode {
  readonly operator: string;
  readonly seconds: number;
  /** Shapes of inputs and outputs. */
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
}

interface TraceEvent {
  readonly cat: string;
  readonly name: string;
  /** In microseconds. */
  readonly ts: number;
  readonly dur: number;
  readonly args?: {
    readonly op_name?: string;
    readonly input_type_shape?: readonly Record<string, number[]>[];
    readonly output_type_shape?: readonly Record<string, number[]>[];
  };
}

/**
 * Profiles the sessions that are created after it, node by node. The lab creates its sessions itself and does not know
 * about profiles.
 */
export class Profiler {
  readonly #folder = mkdtempSync(join(tmpdir(), 'losslab-profile-'));
  readonly #sessions: ort.InferenceSession[] = [];

  constructor() {
    const create = ort.InferenceSession.create.bind(ort.InferenceSession) as (
      model: Uint8Array,
      options: object,
    ) => Promise<ort.InferenceSession>;
    const profiled = async (model: Uint8Array, options: object): Promise<ort.InferenceSession> => {
      const session = await create(model, {
        ...options,
        enableProfiling: true,
        profileFilePrefix: join(this.#folder, 'profile'),
      });
      this.#sessions.push(session);
      return session;
    };
    Object.assign(ort.InferenceSession, { create: profiled });
  }

  /** The nodes of each run, in the order of the runs; ends the profiling. */
  runs(): ProfiledNode[][] {
    for (const session of this.#sessions) session.endProfiling();
    try {
      return readdirSync(this.#folder).flatMap((name) =>
        runsOf(JSON.parse(readFileSync(join(this.#folder, name), 'utf8')) as TraceEvent[]),
      );
    } finally {
      rmSync(this.#folder, { recursive: true });
    }
  }
}

function runsOf(events: readonly TraceEvent[]): ProfiledNode[][] {
  const nodes = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'));
  return events
    .filter(({ name }) => name === 'model_run')
    .toSorted((a, b) => a.ts - b.ts)
    .map(({ ts, dur }) => nodes.filter((node) => node.ts >= ts && node.ts <= ts + dur).map(describeNode));
}

function describeNode({ dur, args }: TraceEvent): ProfiledNode {
  const dims = (shapes: readonly Record<string, number[]>[] = []): number[][] =>
    shapes.map((shape) => Object.values(shape)[0]!);
  return {
    operator: args?.op_name ?? '',
    seconds: dur / 1e6,
    inputs: dims(args?.input_type_shape),
    outputs: dims(args?.output_type_shape),
  };
}
