import { expect, test } from 'vitest';
import { refusingUnknown } from '../../../src/cli/knownCommand.ts';
import { createProgram } from '../../../src/cli/program.ts';

const program = createProgram();

test.each([
  [['nonsense', '--help'], ['nonsense']],
  [['-h', 'nonsense'], ['nonsense']],
  [['help', 'nonsense'], ['nonsense']],
  [['trian', '--config', 'x', '--help'], ['trian']],
])('%j begins with an unknown command: only its name is left, which is refused', async (words, left) => {
  const unknown = createProgram().configureOutput({ writeErr: () => undefined });
  expect(refusingUnknown(unknown, words)).toEqual(left);
  await expect(unknown.parseAsync(refusingUnknown(unknown, words), { from: 'user' })).rejects.toMatchObject({
    code: 'commander.unknownCommand',
    exitCode: 1,
  });
});

test.each([
  [[]],
  [['--help']],
  [['help']],
  [['help', 'train']],
  [['train', '--help']],
  [['--version']],
  [['--colour', 'x']],
])('%j stays as it is', (words) => expect(refusingUnknown(program, words)).toEqual(words));
