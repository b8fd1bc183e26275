import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { configurationSections } from './docs/configuration.ts';

/**
 * Writes what docs/configuration.md says about each key, from the table of keys. With `--check` nothing is
 * written: the exit code is 1 if the page says something else.
 */

const page = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

const text = readFileSync(page, 'utf8');
const written = await withSections(text);
if (!process.argv.includes('--check')) writeFileSync(page, written);
else if (written !== text) {
  console.error('docs/configuration.md says something else than the table of configuration keys. Run: npm run docs');
  process.exitCode = 1;
}

/** The page with its sections between `<!-- keys: NAME -->` and `<!-- end -->` written anew. */
async function withSections(page: string): Promise<string> {
  const named = new Set<string>();
  const filled = page.replace(
    /(<!-- keys: (\w+) -->\n).*?(<!-- end -->)/gs,
    (_, begin: string, name: string, end: string) => {
      const section = configurationSections[name];
      if (section === undefined)
        throw new Error(`docs/configuration.md has a place for "${name}", which is not a section.`);
      named.add(name);
      return `${begin}\n${section()}\n\n${end}`;
    },
  );
  const missing = Object.keys(configurationSections).filter((name) => !named.has(name));
  if (missing.length > 0) throw new Error(`docs/configuration.md has no place for: ${missing.join(', ')}.`);
  return prettier.format(filled, {
    ...(await prettier.resolveConfig(fileURLToPath(import.meta.url))),
    parser: 'markdown',
  });
}
