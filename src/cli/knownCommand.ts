import type { Command } from 'commander';

/**
 * The words of a command line, without the rest if they begin with an unknown command: it is then refused, with the
 * nearest known ones. Otherwise `nonsense --help` would succeed and show the help of the whole program.
 */
export function refusingUnknown(program: Command, words: readonly string[]): readonly string[] {
  const [first, second] = words.filter((word) => word !== '--help' && word !== '-h');
  const named = first === 'help' ? second : first;
  const isCommand = program.commands.some((command) => command.name() === named);
  return named === undefined || named === 'help' || named.startsWith('-') || isCommand ? words : [named];
}
