import { CommanderError } from 'commander';
import { describeError, LabError } from '../shared/errors.ts';
import { printable } from '../shared/printable.ts';
import { asFileError } from '../lab/files/storage.ts';
import { refusingUnknown } from './knownCommand.ts';
import { createProgram } from './program.ts';

/** Exit code of a program that writes to a closed pipe, as in `losslab runs | head`: 128 + SIGPIPE. */
const readerLeft = 141;

/** Entry of the command line: exit code 0 only on success. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(readerLeft);
});
try {
  const program = createProgram();
  await program.parseAsync(refusingUnknown(program, process.argv.slice(2)), { from: 'user' });
} catch (error) {
  process.exit(error instanceof CommanderError ? endOfParsing(error) : failure(error));
}

/** Commander has already printed its messages, help included. */
function endOfParsing({ exitCode, message }: CommanderError): number {
  if (exitCode !== 0) tellMachines('usage', message.replace(/^error: /, ''), '');
  return exitCode;
}

function failure(thrown: unknown): number {
  const error = asFileError(thrown);
  process.stderr.write(`losslab: ${printable(describeError(error))}\n`);
  if (error instanceof LabError) tellMachines(error.code, error.message, error.fix);
  else tellMachines('internal', error instanceof Error ? error.message : String(error), '');
  return 1;
}

function tellMachines(code: string, message: string, fix: string): void {
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: { code, message, fix } })}\n`);
}
