/** What packages bring that nothing reads when LossLab runs on Linux x64: patterns of paths below `node_modules/`. */
const patterns: readonly RegExp[] = [
  // Node runs no TypeScript of packages: these are types, or sources of what is there as JavaScript. And documentation.
  /\.([cm]?ts|map|md|markdown)$/,
  // Licences are gathered in licences/.
  /\/(licen[cs]es?|notice)(-\w+)?(\.\w+)?$/i,
  /^better-sqlite3\/(deps|src|binding\.gyp)/,
  /^better-sqlite3\/prebuilds\/(?!linux-x64\.node$)/,
  /^onnxruntime-node\/(script|lib)\//,
  /^onnxruntime-node\/bin\/[^/]+\/(?!linux\/x64\/)/,
  // Only its modules are used, not its builds for a page.
  /^echarts\/(dist|i18n|theme|asset|extension|ssr|types|licenses)\//,
  /^zrender\/(dist|build|src)\//,
  // Charts are written in two of its faces.
  /^dejavu-fonts-ttf\/(?!package\.json$|ttf\/DejaVuSans(-Bold)?\.ttf$)/,
];

/** Whether a file of a package stays behind: `onnxruntime-node/bin/napi-v6/darwin/…`. */
export function isLeftOut(file: string): boolean {
  return patterns.some((pattern) => pattern.test(file));
}
