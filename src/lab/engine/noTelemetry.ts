/**
 * ONNX Runtime reports its sessions to its makers unless this is set before it is loaded. LossLab sends no such
 * reports, and stores no identifier of the machine.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
