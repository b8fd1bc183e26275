/** Files of packages that LossLab never reads: patterns of paths below `node_modules/`. */
const everywhere: readonly RegExp[] = [
  // Node does not run TypeScript of packages: these are types, or sources of existing JavaScript. And documentation.
  /\.([cm]?ts|map|md|markdown)$/,
  // Licences are collected in a folder.
  /\/(licen[cs]es?|notice)(-\w+)?(\.\w+)?$/i,
  /^better-sqlite3\/(deps|src|binding\.gyp)/,
  /^onnxruntime-node\/(script|lib)\//,
  // A copy of `libonnxruntime.1.dylib`, which is the loaded file.
  /^onnxruntime-node\/bin\/.*\/libonnxruntime\.\d+\.\d+\.\d+\.dylib$/,
  // Only for the DirectML device, which LossLab does not use.
  /^onnxruntime-node\/bin\/.*\/DirectML\.dll$/,
  // Node loads `build`.
  /^jschardet\/dist\//,
  // Node loads `dist/cjs`.
  /^onnxruntime-common\/(lib|dist\/esm)\//,
  // Only its modules are used, not its browser builds.
  /^echarts\/(dist|i18n|theme|asset|extension|ssr|types|licenses)\//,
  /^zrender\/(dist|build|src)\//,
  // Charts use two of its faces.
  /^dejavu-fonts-ttf\/(?!package\.json$|ttf\/DejaVuSans(-Bold)?\.ttf$)/,
];

/** Files that only systems other than Linux x64 read. */
const elsewhere: readonly RegExp[] = [
  /^better-sqlite3\/prebuilds\/(?!linux-x64\.node$)/,
  /^onnxruntime-node\/bin\/[^/]+\/(?!linux\/x64\/)/,
];

/** Whether this file of a package is never read: `echarts/dist/…`. */
export function isLeftOut(file: string): boolean {
  return everywhere.some((pattern) => pattern.test(file));
}

/** Whether Linux x64 does not read it: `onnxruntime-node/bin/napi-v6/darwin/…`. */
export function isLeftOutOnLinux(file: string): boolean {
  return isLeftOut(file) || elsewhere.some((pattern) => pattern.test(file));
}
