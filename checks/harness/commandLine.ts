import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** What a script is told on its command line. Leaves with 0 and `usage` for `--help`, and with 2 for what cannot be understood. */
export function readCommandLine<T extends ParseArgsOptionsConfig>(usage: string, options: T) {
  if (process.argv.slice(2).includes('--help')) {
    console.log(`Usage: ${usage}`);
    process.exit(0);
  }
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    const [reason] = (error as Error).message.split('. ');
    return refuse(`${reason!}.\nUsage: ${usage}`);
  }
}

export function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** Those of `names` that are named, in their own order; all where none is. Leaves with 2 for one that there is not. */
export function chosen(what: string, named: readonly string[], names: readonly string[]): string[] {
  const unknown = named.find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(`There is no ${what} "${unknown}". There is: ${names.join(', ')}.`);
  return named.length > 0 ? names.filter((name) => named.includes(name)) : [...names];
}
