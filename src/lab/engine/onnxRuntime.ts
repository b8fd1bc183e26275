/** ONNX Runtime, as LossLab uses it: whoever wants it imports it from here. */
import './noTelemetry.ts';

export * from 'onnxruntime-node';
