/**
 * ONNX Runtime reports its sessions to its makers unless this is set before it is loaded. LossLab sends
 * nothing anywhere, and leaves no identifier of the machine in people's folders.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
