/**
 * Packages that the published package and the desktop app contain in `out/node_modules` instead of depending on them.
 * The install script of `onnxruntime-node` downloads CUDA from a host that is often blocked, and only the user's own
 * project could disable it. Of the other packages, LossLab uses a tenth of the files.
 */
export const builtIn: readonly string[] = ['onnxruntime-node', 'echarts', 'dejavu-fonts-ttf'];
