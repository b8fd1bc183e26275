import protobuf from 'protobufjs/light.js';

/**
 * The part of TensorBoard's event files that LossLab writes, and the same messages as types of plain objects. Field
 * numbers are those of `event.proto`, `summary.proto` and `tensor.proto`
 * (https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto) and of the hparams plugin
 * (`plugin_data.proto`); files contain only the numbers, so names follow the style of this project.
 */

export interface Event {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step?: number;
  /** Only in the first event of a file. */
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly SummaryValue[] };
}

export interface SummaryValue {
  readonly tag: string;
  readonly simpleValue?: number;
  readonly histogram?: Histogram;
  readonly metadata?: {
    readonly pluginData: { readonly pluginName: string; readonly content?: Uint8Array };
    readonly dataClass?: number;
  };
  readonly tensor?: Tensor;
}

/** Counts between limits. The first bin begins at the minimum. */
export interface Histogram {
  readonly minimum: number;
  readonly maximum: number;
  readonly number: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Upper ends of the bins, and how many lie in each. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** One text, or one number for a plugin that requires a value. */
interface Tensor {
  readonly elementType: number;
  readonly shape: { readonly dimensions: readonly { readonly size: number }[] };
  readonly floats?: readonly number[];
  readonly texts?: readonly Uint8Array[];
}

/** A setting of a run, as the hparams plugin shows it. */
export type Setting = { readonly number: number } | { readonly text: string } | { readonly truth: boolean };

export interface HyperparameterData {
  readonly version: number;
  readonly start?: {
    readonly settings: readonly { readonly key: string; readonly value: Setting }[];
    readonly groupName: string;
    readonly startSeconds: number;
  };
  readonly end?: { readonly status: number; readonly endSeconds: number };
}

/** DataType */
export const elementTypes = { float: 1, text: 7 } as const;
/** DataClass of values that are neither scalars nor images. */
export const tensorClass = 2;
/** Status of a run in the hparams plugin. */
export const statuses = { success: 1, failure: 2, running: 3 } as const;

const { root } = protobuf.Root.fromJSON({
  nested: {
    Event: {
      fields: {
        wallTime: { type: 'double', id: 1 },
        step: { type: 'int64', id: 2 },
        fileVersion: { type: 'string', id: 3 },
        summary: { type: 'Summary', id: 5 },
      },
    },
    Summary: { fields: { value: { rule: 'repeated', type: 'Value', id: 1 } } },
    Value: {
      // Declares a oneof, so that 0 is written, too.
      oneofs: { value: { oneof: ['simpleValue', 'histogram', 'tensor'] } },
      fields: {
        tag: { type: 'string', id: 1 },
        simpleValue: { type: 'float', id: 2 },
        histogram: { type: 'Histogram', id: 5 },
        tensor: { type: 'Tensor', id: 8 },
        metadata: { type: 'Metadata', id: 9 },
      },
    },
    Histogram: {
      fields: {
        minimum: { type: 'double', id: 1 },
        maximum: { type: 'double', id: 2 },
        number: { type: 'double', id: 3 },
        sum: { type: 'double', id: 4 },
        sumOfSquares: { type: 'double', id: 5 },
        limits: { rule: 'repeated', type: 'double', id: 6 },
        counts: { rule: 'repeated', type: 'double', id: 7 },
      },
    },
    Metadata: { fields: { pluginData: { type: 'PluginData', id: 1 }, dataClass: { type: 'int32', id: 4 } } },
    PluginData: { fields: { pluginName: { type: 'string', id: 1 }, content: { type: 'bytes', id: 2 } } },
    Tensor: {
      fields: {
        elementType: { type: 'int32', id: 1 },
        shape: { type: 'Shape', id: 2 },
        floats: { rule: 'repeated', type: 'float', id: 5 },
        texts: { rule: 'repeated', type: 'bytes', id: 8 },
      },
    },
    Shape: { fields: { dimensions: { rule: 'repeated', type: 'Dimension', id: 2 } } },
    Dimension: { fields: { size: { type: 'int64', id: 1 } } },
    HyperparameterData: {
      fields: { version: { type: 'int32', id: 1 }, start: { type: 'Start', id: 3 }, end: { type: 'End', id: 4 } },
    },
    Start: {
      fields: {
        settings: { rule: 'repeated', type: 'NamedSetting', id: 1 },
        groupName: { type: 'string', id: 4 },
        startSeconds: { type: 'double', id: 5 },
      },
    },
    End: { fields: { status: { type: 'int32', id: 1 }, endSeconds: { type: 'double', id: 2 } } },
    /** An entry of a map. */
    NamedSetting: { fields: { key: { type: 'string', id: 1 }, value: { type: 'Setting', id: 2 } } },
    /** google.protobuf.Value */
    Setting: {
      oneofs: { kind: { oneof: ['number', 'text', 'truth'] } },
      fields: { number: { type: 'double', id: 2 }, text: { type: 'string', id: 3 }, truth: { type: 'bool', id: 4 } },
    },
  },
});

const eventType = root.lookupType('Event');
const hyperparameterType = root.lookupType('HyperparameterData');

export function encodeEvent(event: Event): Uint8Array {
  return eventType.encode(event).finish();
}

export function encodeHyperparameters(data: HyperparameterData): Uint8Array {
  return hyperparameterType.encode(data).finish();
}
