import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { freemem, homedir, release, userInfo } from 'node:os';
import type { LabDescription } from '../../../shared/contract/contract.ts';
import type { DeviceReport } from '../../../shared/device.ts';
import type { Run } from '../../../shared/history.ts';
import { formatBytes, formatDecimal, formatFigure, formatMemory } from '../../../shared/format.ts';
import { applicationFile, packedCommit } from '../../base/applicationFiles.ts';
import type { TestedDevices } from './devices.ts';

const shownFailures = 5;

/** A text for a problem report. It contains no user names: home folders become "~". */
export function problemReport(
  lab: LabDescription,
  { devices, auto }: TestedDevices,
  failedRuns: readonly Run[],
): string {
  const stored = Object.entries(lab.storedBytes).map(([what, bytes]) => `${what} ${formatBytes(bytes)}`);
  const commit = packedCommit() ?? currentCommit();
  const lines = [
    `LossLab ${lab.version}${commit === null ? '' : ` (commit ${commit})`}`,
    `System: ${lab.platform}, release ${release()}`,
    `Processor: ${lab.processor}, ${lab.threads} threads`,
    `Memory: ${formatMemory(lab.memoryBytes)}, ${formatMemory(freemem())} free`,
    `Node ${process.versions.node}, ${process.versions.electron === undefined ? 'no Electron' : `Electron ${process.versions.electron}`}, ONNX Runtime ${runtimeVersion()}`,
    `Home: ${lab.home}, ${formatBytes(lab.freeDiskBytes)} free; ${stored.join(', ')}`,
    ...devices.map(describeDevice),
    `Device auto: ${auto.device} (${auto.reason})`,
    ...describeFailures(failedRuns),
  ];
  return withoutPeople(`${lines.join('\n')}\n`);
}

function describeDevice({ device, name, software, selfTest, problem }: DeviceReport): string {
  const what = `${name ?? 'unknown name'}${software ? ' (software)' : ''}`;
  const result =
    selfTest === null ? '' : `error ${formatFigure(selfTest.error)}, ${formatDecimal(selfTest.gflops, 1)} GFLOPS`;
  return `Device ${device}: ${what}; ${[problem ?? 'self-test passed', result].filter((text) => text !== '').join('; ')}`;
}

function describeFailures(runs: readonly Run[]): string[] {
  if (runs.length === 0) return ['No run failed or was interrupted.'];
  const newest = [...runs].sort((a, b) => (b.ended ?? '').localeCompare(a.ended ?? '')).slice(0, shownFailures);
  return [
    `Runs that failed or were interrupted: ${runs.length}. The last ones:`,
    ...newest.map(
      ({ id, ended, failure }) => `  ${ended} ${id}: ${failure!.code}: ${failure!.message.replaceAll('\n', '\n    ')}`,
    ),
  ];
}

/** The commit of a checkout. */
function currentCommit(): string | null {
  const folder = applicationFile('.git');
  const head = readIfThere(`${folder}/HEAD`);
  const reference = /^ref: (.+)$/.exec(head ?? '')?.[1];
  return (reference === undefined ? head : readIfThere(`${folder}/${reference}`))?.slice(0, 12) ?? null;
}

function readIfThere(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

function runtimeVersion(): string {
  return (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version;
}

/** Home folders of any user, and folders named after the user. */
export function withoutPeople(text: string, home = homedir(), user = userName()): string {
  return text
    .replaceAll(home, '~')
    .replaceAll(/(?:\/home|\/Users|[A-Za-z]:\\Users)[/\\][^/\\\s]+/g, '~')
    .replaceAll(/(?<=[/\\])[^/\\\s]+/g, (part) => (part === user ? '~' : part));
}

/** Null if the system has no name for the user, as in some containers. */
function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
