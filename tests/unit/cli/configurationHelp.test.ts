import { CommanderError } from 'commander';
import { expect, test, vi } from 'vitest';
import { trainCommand } from '../../../src/cli/commands/train.ts';
import { configurationKeys } from '../../../src/shared/configuration/table.ts';

test('--set help prints every key with its default, and trains nothing', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const parse = () => trainCommand().exitOverride().parse(['--set', 'help'], { from: 'user' });
    expect(parse).toThrow(CommanderError);
    expect(parse).toThrow(expect.objectContaining({ exitCode: 0 }));
    const text = write.mock.calls[0]![0] as string;
    for (const key of configurationKeys) expect(text).toMatch(new RegExp(`^  ${key}=… \\(.*; default .+\\)$`, 'm'));
  } finally {
    write.mockRestore();
  }
});
