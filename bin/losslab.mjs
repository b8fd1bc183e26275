#!/usr/bin/env node
// Runs the command line with a Node that can: this one, or the one among the dependencies.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

const minimum = [22, 18];
const [major, minor] = process.versions.node.split('.').map(Number);
const recent = major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
const entry = new URL('../src/cli/main.ts', import.meta.url);

keepCompiled();
if (recent) {
  await import(entry.href);
} else {
  const own = fileURLToPath(
    new URL(`../node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`, import.meta.url),
  );
  if (!existsSync(own)) {
    console.error(
      `losslab: Node ${minimum.join('.')} or later is needed; this is ${process.versions.node}.\nRun "npm install" in ${fileURLToPath(new URL('..', import.meta.url))}, which brings one.`,
    );
    process.exit(1);
  }
  const child = spawn(own, [fileURLToPath(entry), ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal interrupts both; the child decides what that means.
  process.on('SIGINT', () => undefined);
  child.on('close', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/**
 * Code without its types, and compiled, is kept beside the packages, for this process and those it starts: without that a
 * command takes 0.3 s longer to begin. Where nothing can be written there, it is done anew each time.
 */
function keepCompiled() {
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/losslab', import.meta.url));
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
}
