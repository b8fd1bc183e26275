import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser';

/*
 * Who may import whom. `npm run lint` holds the code to it, type imports included; `npm run architecture` draws
 * docs/architecture.md from it.
 */

/** The folders of `src/lab`, from the ground up: each may import those before it. */
export const labFolders = [
  'base',
  'files',
  'work',
  'store',
  'health',
  'graph',
  'engine',
  'net',
  'text',
  'data',
  'encoders',
  'batching',
  'losses',
  'evaluation',
  'training',
  'diagnostics',
  'experiments',
  'comparison',
  'verdict',
  'inspector',
  'map',
  'reports',
  'export',
  'service',
];

const screenPackages = ['vue', 'vue-router', 'pinia', 'reka-ui'];

interface Root {
  /** Other folders of `src`. */
  readonly imports: readonly string[];
  readonly packages: { readonly only: readonly string[] } | { readonly except: readonly string[] };
  /** Whether it may import Node's own modules. */
  readonly node: boolean;
}

/**
 * The folders of `src`: which others each may import, which packages (`only` these, or all `except` these), and whether
 * it may import Node's own modules.
 */
const roots: Readonly<Record<string, Root>> = {
  shared: { imports: [], packages: { only: ['zod', '@msgpack/msgpack'] }, node: false },
  lab: { imports: ['shared'], packages: { except: ['electron', ...screenPackages] }, node: true },
  server: { imports: ['lab', 'shared'], packages: { except: ['electron', ...screenPackages] }, node: true },
  cli: { imports: ['lab', 'server', 'shared'], packages: { except: ['electron', ...screenPackages] }, node: true },
  main: { imports: ['lab', 'server', 'shared'], packages: { except: screenPackages }, node: true },
  preload: { imports: ['shared'], packages: { except: screenPackages }, node: true },
  renderer: {
    imports: ['shared'],
    packages: { only: [...screenPackages, 'echarts', '@msgpack/msgpack'] },
    node: false,
  },
};

const names = (list: readonly string[]): string => `(?:${list.join('|')})`;

const forbidden: IForbiddenRuleType[] = [
  {
    name: 'no-circles',
    comment: 'Files do not import each other in a circle. Move what both need into a file of its own.',
    severity: 'error',
    from: { path: '^src/' },
    to: { circular: true },
  },
  {
    name: 'no-circles-of-folders',
    comment: 'Folders do not import each other in a circle.',
    severity: 'error',
    scope: 'folder',
    from: { path: '^src/' },
    to: { circular: true },
  },
  {
    name: 'known-folders-of-lab',
    comment: 'Each folder of src/lab has its place in labFolders.',
    severity: 'error',
    from: { path: '^src/lab/', pathNot: `^src/lab/${names(labFolders)}/` },
    to: {},
  },
  {
    name: 'known-folders-of-src',
    comment: 'Each folder of src has a line in roots.',
    severity: 'error',
    from: { path: '^src/', pathNot: `^src/${names(Object.keys(roots))}/` },
    to: {},
  },
  {
    name: 'found',
    comment: 'An import leads to a file or a package.',
    severity: 'error',
    from: { path: '^src/' },
    to: { couldNotResolve: true },
  },
  ...labFolders.slice(0, -1).map((folder, place) => ({
    name: `lab-${folder}`,
    comment: `src/lab/${folder} may import only the folders before it in labFolders.`,
    severity: 'error' as const,
    from: { path: `^src/lab/${folder}/` },
    to: { path: `^src/lab/${names(labFolders.slice(place + 1))}/` },
  })),
  ...Object.entries(roots).flatMap(([name, root]) => rulesOf(name, root)),
];

function rulesOf(name: string, { imports, packages, node }: Root): IForbiddenRuleType[] {
  const from = { path: `^src/${name}/` };
  const others =
    imports.length > 0 ? `only ${imports.map((other) => `src/${other}`).join(', ')}` : 'no other folder of src';
  const inPackages = '(?:^|/)node_modules/';
  return [
    {
      name: `${name}-imports`,
      comment: `src/${name} may import ${others}, and no code outside src.`,
      severity: 'error',
      from,
      to: { path: '\\.(?:ts|vue|mjs|js)$', pathNot: [`^src/${names([name, ...imports])}/`, inPackages] },
    },
    'only' in packages
      ? {
          name: `${name}-packages`,
          comment: `src/${name} may import no packages but ${packages.only.join(', ')}.`,
          severity: 'error',
          from,
          to: { path: inPackages, pathNot: `${inPackages}${names(packages.only)}/` },
        }
      : {
          name: `${name}-packages`,
          comment: `src/${name} may not import ${packages.except.join(', ')}.`,
          severity: 'error',
          from,
          to: { path: `${inPackages}${names(packages.except)}/` },
        },
    ...(node
      ? []
      : [
          {
            name: `${name}-node`,
            comment: `src/${name} does not run on Node.`,
            severity: 'error' as const,
            from,
            to: { dependencyTypes: ['core' as const] },
          },
        ]),
  ];
}

export default {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.vue', '.js', '.mjs', '.json'],
    },
    moduleSystems: ['es6'],
    cache: false,
  },
} satisfies IConfiguration;
