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

/**
 * The folders of `src`: which others each may import, which packages (`only` these, or all `except` these), and whether
 * it may import Node's own modules.
 */
const roots = {
  shared: { imports: [], only: ['zod', '@msgpack/msgpack'], node: false },
  lab: { imports: ['shared'], except: ['electron', ...screenPackages], node: true },
  trainer: { imports: ['lab', 'shared'], except: ['electron', ...screenPackages], node: true },
  server: { imports: ['lab', 'shared'], except: ['electron', ...screenPackages], node: true },
  cli: { imports: ['lab', 'server', 'shared'], except: ['electron', ...screenPackages], node: true },
  main: { imports: ['lab', 'server', 'shared'], except: screenPackages, node: true },
  preload: { imports: ['shared'], except: screenPackages, node: true },
  renderer: { imports: ['shared'], only: [...screenPackages, 'echarts', '@msgpack/msgpack'], node: false },
};

const names = (list) => `(?:${list.join('|')})`;
const packages = (list) => `(?:^|/)node_modules/${names(list)}/`;

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  {
    name: 'no-circles',
    comment: 'Files do not import each other in a circle. Move what both need into a file of its own.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/lab/service/' },
    to: { circular: true },
  },
  {
    name: 'no-circles-of-folders',
    comment: 'Folders do not import each other in a circle.',
    severity: 'error',
    scope: 'folder',
    from: { path: '^src/', pathNot: '^src/lab/service/' },
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
    severity: 'error',
    from: { path: `^src/lab/${folder}/` },
    to: { path: `^src/lab/${names(labFolders.slice(place + 1))}/` },
  })),
  ...Object.entries(roots).flatMap(([root, { imports, only, except, node }]) => [
    {
      name: `${root}-imports`,
      comment: `src/${root} may import ${imports.length > 0 ? imports.map((name) => `src/${name}`).join(', ') : 'no other folder of src'}, and no code outside src.`,
      severity: 'error',
      from: { path: `^src/${root}/` },
      to: {
        path: '\\.(?:ts|vue|mjs|js)$',
        pathNot: [`^src/${names([root, ...imports])}/`, '(?:^|/)node_modules/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: `${root}-packages`,
      comment: only
        ? `src/${root} may import no packages but ${only.join(', ')}.`
        : `src/${root} may not import ${except.join(', ')}.`,
      severity: 'error',
      from: { path: `^src/${root}/` },
      to: only ? { path: '(?:^|/)node_modules/', pathNot: packages(only) } : { path: packages(except) },
    },
    ...(node
      ? []
      : [
          {
            name: `${root}-node`,
            comment: `src/${root} does not run on Node.`,
            severity: 'error',
            from: { path: `^src/${root}/` },
            to: { dependencyTypes: ['core'] },
          },
        ]),
  ]),
];

/** @type {import('dependency-cruiser').IConfiguration} */
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
};
