import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** The command line of a script. Exits with 0 and prints `usage` for `--help`; exits with 2 for invalid options. */
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

/** The selected `names`, in their own order; all if none is selected. Exits with 2 for an unknown name. */
export function chosen(what: string, named: readonly string[], names: readonly string[]): string[] {
  const unknown = named.find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(`Unknown ${what} "${unknown}". Available: ${names.join(', ')}.`);
  return named.length > 0 ? names.filter((name) => named.includes(name)) : [...names];
}
