/** ONNX Runtime with LossLab's settings. All modules import it from here. */
import './noTelemetry.ts';

export * from 'onnxruntime-node';
