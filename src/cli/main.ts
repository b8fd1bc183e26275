import { CommanderError } from 'commander';
import { describeError, LabError } from '../shared/errors.ts';
import { createProgram } from './program.ts';

/** Entry of the command line: exit code 0 only on success. */
try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  // Commander has already written what it has to say, help included.
  if (error instanceof CommanderError) process.exit(error.exitCode);
  process.stderr.write(`losslab: ${describeError(error)}\n`);
  if (process.argv.includes('--json')) {
    const known = error instanceof LabError;
    process.stdout.write(`${JSON.stringify({ error: { code: known ? error.code : 'internal', message: (error as Error).message, fix: known ? error.fix : '' } })}\n`);
  }
  process.exit(1);
}
