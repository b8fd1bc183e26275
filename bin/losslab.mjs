#!/usr/bin/env node
// Runs the command line with a Node that can: this one or, in a checkout, the one among the dependencies.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const sources = new URL('../src/cli/main.ts', import.meta.url);
const isCheckout = existsSync(sources);
const entry = isCheckout ? sources : new URL('../out/cli/main.js', import.meta.url);
// The sources use syntax that is translated for older ones in the published package.
const minimum = isCheckout ? 24 : 22;

keepCompiled();
if (Number.parseInt(process.versions.node) >= minimum) {
  await import(entry.href);
} else {
  const own = `${project}node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`;
  if (!existsSync(own)) {
    const fix = isCheckout
      ? `Run "npm install" in ${project}, which brings one.`
      : 'Install a newer one: https://nodejs.org';
    console.error(`losslab: Node ${minimum} or later is needed; this is ${process.versions.node}.\n${fix}`);
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
