import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../node_modules/electron', import.meta.url));
/** The download has about 110 MB; if it takes longer than this, use a browser. */
const downloadMilliseconds = 5 * 60_000;

/** The path of Electron, or why it is not available. Its package downloads it at first use. */
export async function findElectron(
  say: (line: string) => void,
): Promise<{ readonly binary: string } | { readonly problem: string }> {
  if (!existsSync(folder)) return { problem: 'Electron is not installed ("npm install --omit=dev" skips it).' };
  const present = electronBinary();
  if (present !== null) return { binary: present };
  say('Downloading Electron (about 110 MB, only once) …');
  const failure = await install();
  const binary = electronBinary();
  return binary === null ? { problem: `Electron could not be downloaded: ${failure}.` } : { binary };
}

/** Null until it is downloaded. */
export function electronBinary(): string | null {
  const pathFile = path.join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = path.join(
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(folder, 'dist'),
    readFileSync(pathFile, 'utf8'),
  );
  return existsSync(binary) ? binary : null;
}

/** Resolves to the reason of a failure, in one line. */
function install(): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(folder, 'install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: downloadMilliseconds,
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (_code, signal) =>
      resolve(signal === null ? firstLine(output) : `it took longer than ${downloadMilliseconds / 60_000} minutes`),
    );
  });
}

function firstLine(output: string): string {
  const line = output.split('\n').find((text) => text.trim() !== '') ?? 'its installer gave no reason';
  return line
    .trim()
    .replace(/^\w*Error: /, '')
    .replace(/\.$/, '')
    .slice(0, 200);
}
