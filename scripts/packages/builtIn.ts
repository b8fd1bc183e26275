/**
 * Packages that the published package and the desktop app contain, in `out/node_modules`, instead of depending on them.
 * `onnxruntime-node` has an install script that fetches CUDA from a host that is often blocked, and only the project that a
 * user installs LossLab into could forbid it. Of the others LossLab uses a tenth of what their packages hold.
 */
export const builtIn: readonly string[] = ['onnxruntime-node', 'echarts', 'dejavu-fonts-ttf'];
