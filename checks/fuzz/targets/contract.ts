/** Messages of screens: calls of every method of the contract, and the lab that handles them. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { callMethod } from '../../../src/lab/service/callMethod.ts';
import type { Implementations } from '../../../src/lab/service/context.ts';
import { createLabService, type ServiceConnection } from '../../../src/lab/service/service.ts';
import { openHome } from '../../../src/lab/files/home.ts';
import type { WorkerLauncher } from '../../../src/lab/work/workers.ts';
import { answerBytes } from '../../../src/server/rpc.ts';
import { decodeMessage, encodeMessage } from '../../../src/shared/contract/codec.ts';
import { contract, type MethodName } from '../../../src/shared/contract/contract.ts';
import { failure } from '../../../src/shared/contract/messages.ts';
import { mutateMessage, replaceValue } from '../mutators/messages.ts';
import { require, type FuzzTarget, type Outcome } from '../target.ts';
import { calls } from './calls.ts';
import { experimentDatabase } from './experimentDatabase.ts';

const methods = Object.keys(calls) as MethodName[];
const mutators = [mutateMessage, replaceValue];

function seedsOf(method: MethodName): Buffer[] {
  return calls[method].map((input, id) => Buffer.from(encodeMessage({ id, method, input })));
}

/** `call:` and the name of each method. */
export const callTargets: Readonly<Record<string, FuzzTarget>> = Object.fromEntries(
  methods.map((method) => [`call:${method}`, callTarget(method)]),
);

/** From the bytes of a message to the input of the method. */
function callTarget(method: MethodName): FuzzTarget {
  return {
    seeds: () => seedsOf(method),
    mutators,
    parse: checkCall,
  };
}

async function checkCall(message: Uint8Array): Promise<Outcome> {
  const reached: { method: MethodName; input: unknown }[] = [];
  const recorder = (method: MethodName) => (input: unknown) => void reached.push({ method, input });
  const recorders = Object.fromEntries(
    methods.map((method) => [method, recorder(method)]),
  ) as unknown as Implementations;
  const outcome = await outcomeOf(
    { call: (name, input) => callMethod(recorders, name, input, silent), close: () => undefined },
    message,
  );
  require(reached.length ===
    (outcome === 'accepted' ? 1 : 0), `it is ${outcome}, and ${reached.length} methods were called`);
  for (const { method, input } of reached) checkInput(method, input);
  return outcome;
}

const silent = { notify: () => undefined, onClose: () => () => undefined };

/** Every call is answered with a result or a failure message; anything else closes the connection. */
async function outcomeOf(connection: ServiceConnection, input: Uint8Array): Promise<Outcome> {
  const answering = answerBytes(connection, Uint8Array.from(input));
  if (answering === null) return 'refused';
  const answer = await answering;
  const { id } = decodeMessage(input) as { id: unknown };
  require('id' in answer && answer.id === id, 'the answer has another id than the call');
  // As it is sent.
  decodeMessage(encodeMessage(answer));
  if (!('failure' in answer)) return 'accepted';
  const { code, message, fix } = failure.parse(answer.failure);
  require(code !== 'internal', `a defect: ${message}`);
  require(message.trim() !== '' &&
    !/\[object |is not a function|Cannot read prop/.test(
      `${message} ${fix}`,
    ), `it is refused with an unclear message: ${message}`);
  return 'refused';
}

/** The input of a method must match the contract: no other keys, and a second check must not refuse or change it. */
function checkInput(method: MethodName, input: unknown): void {
  const known = new Set(calls[method].flatMap((call) => Object.keys(call)));
  const unknown = Object.keys(input as object).filter((key) => !known.has(key));
  require(unknown.length === 0, `${method} is called with the key ${unknown.join(', ')}`);
  const again = contract[method].input.safeParse(input);
  require(again.success &&
    isDeepStrictEqual(
      again.data,
      input,
    ), `${method} is called with an input that it would refuse or change when called with it again`);
}

// --- The lab ---------------------------------------------------------------------------------------

/** Methods that take a second or more on accepted input; the processes for searches and training are replaced here. */
const slow: ReadonlySet<MethodName> = new Set([
  'runs.bm25',
  'runs.verdict',
  'runs.exportReport',
  'runs.exportCsv',
  'datasets.verify',
]);

/** The lab itself, on a new home folder for each input, with an untrained experiment. */
export const labService: FuzzTarget = {
  seeds: () => methods.filter((method) => !slow.has(method)).flatMap(seedsOf),
  mutators,
  knowingOnly: true,
  async parse(input, folder): Promise<Outcome> {
    if ((await checkCall(input)) === 'refused') return 'refused'; // whatever the lab is
    const [inside, outside] = [join(folder, 'inside'), join(folder, 'outside')];
    const home = openHome(inside);
    writeFileSync(home.database, experimentDatabase());
    mkdirSync(outside);
    Object.assign(process.env, { HF_HOME: join(inside, 'hub'), HOME: outside, KAGGLE_CONFIG_DIR: outside });
    globalThis.fetch = () => Promise.reject(new TypeError('fetch failed'));
    const lab = createLabService({ home, launcher: nothingRuns });
    try {
      return await outcomeOf(
        lab.connect(() => undefined),
        input,
      );
    } finally {
      await lab.close();
      require(readdirSync(folder).length === 2 &&
        readdirSync(outside).length ===
          0, `beside the home folder there are ${[...readdirSync(folder), ...readdirSync(outside)].join(', ')}`);
    }
  },
};

/** Processes that are killed as soon as they are started. */
const nothingRuns: WorkerLauncher = {
  launch: () => ({
    send: () => undefined,
    onMessage: () => undefined,
    onErrorOutput: () => undefined,
    onExit: (listener) => void setImmediate(() => listener({ code: null, killed: true })),
    kill: () => undefined,
    pid: undefined,
  }),
};
