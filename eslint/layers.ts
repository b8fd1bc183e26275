import { isBuiltin } from 'node:module';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rule } from 'eslint';

/**
 * Who may import whom below `src/`. Every folder of `src/` is a layer and has one line here; a
 * layer may always import itself. Import paths are resolved before they are judged, so it does not
 * matter how a path is spelled.
 */

interface Layer {
  /** The other layers it may import. */
  readonly layers: readonly string[];
  readonly packages: { readonly only: readonly string[] } | { readonly except: readonly string[] };
  /** Whether it may import Node's own modules. */
  readonly node: boolean;
}

const screenPackages = ['vue', 'vue-router', 'pinia', 'reka-ui'];
const onNode = { packages: { except: ['electron', ...screenPackages] }, node: true } as const;
const inElectron = { packages: { except: screenPackages }, node: true } as const;

export const layers: Readonly<Record<string, Layer>> = {
  shared: { layers: [], packages: { only: ['zod', '@msgpack/msgpack'] }, node: false },
  lab: { layers: ['shared'], ...onNode },
  trainer: { layers: ['lab', 'shared'], ...onNode },
  server: { layers: ['lab', 'shared'], ...onNode },
  cli: { layers: ['lab', 'server', 'shared'], ...onNode },
  main: { layers: ['lab', 'server', 'shared'], ...inElectron },
  preload: { layers: ['shared'], ...inElectron },
  renderer: { layers: ['shared'], packages: { only: [...screenPackages, 'echarts', '@msgpack/msgpack'] }, node: false },
};

const sourceFolder = fileURLToPath(new URL('../src', import.meta.url));

/** Why `file` may not import `specifier`, in words, or null where it may. */
export function importProblem(file: string, specifier: string): string | null {
  const from = layerOf(file);
  if (from === null) return null;
  const layer = layers[from];
  if (!layer) return `src/${from} is not a layer: give it a line in eslint/layers.ts.`;
  if (/^[./]|^file:/.test(specifier)) return pathProblem(from, layer, file, specifier);
  if (isBuiltin(specifier))
    return layer.node ? null : `src/${from} does not run on Node and may not import "${specifier}".`;
  return packageProblem(from, layer, specifier);
}

function pathProblem(from: string, layer: Layer, file: string, specifier: string): string | null {
  const target = specifier.startsWith('file:') ? fileURLToPath(specifier) : resolve(dirname(file), specifier);
  const to = layerOf(target);
  // Data files of the project, such as package.json, are no code and belong to no layer.
  if (to === null)
    return target.endsWith('.json') ? null : `src/${from} may not import code from outside src: "${specifier}".`;
  if (to === from || layer.layers.includes(to)) return null;
  return `src/${from} may not import src/${to}${only(layer.layers.map((name) => `src/${name}`))}.`;
}

function packageProblem(from: string, layer: Layer, specifier: string): string | null {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if ('only' in layer.packages) {
    return layer.packages.only.includes(name)
      ? null
      : `src/${from} may not import "${name}"${only(layer.packages.only)}.`;
  }
  return layer.packages.except.includes(name) ? `src/${from} may not import "${name}".` : null;
}

function only(names: readonly string[]): string {
  return names.length > 0 ? `, only ${names.join(', ')}` : ', only itself';
}

/** The folder of `src/` that a path lies in; null outside `src/`. */
function layerOf(path: string): string | null {
  const [first, ...rest] = relative(sourceFolder, path).split(sep);
  return first === '..' || first === '' || first === undefined || rest.length === 0 ? null : first;
}

const rule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { forbidden: '{{problem}}', unknown: 'Import a path that is written out, so that it can be checked.' },
  },
  create(context) {
    const check = (node: Rule.Node): void => {
      // All these nodes have a source, TypeScript's too, which estree's types do not know.
      const { source } = node as { source?: { value?: unknown } | null };
      if (!source) return;
      if (typeof source.value !== 'string') {
        if (layerOf(context.filename) !== null) context.report({ node, messageId: 'unknown' });
        return;
      }
      const problem = importProblem(context.filename, source.value);
      if (problem) context.report({ node, messageId: 'forbidden', data: { problem } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

export default { rules: { imports: rule } };
