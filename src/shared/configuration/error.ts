import { LabError } from '../errors.ts';

/** An error in a configuration, with the keys it is about: the one to correct first. */
export class ConfigurationError extends LabError {
  readonly keys: readonly string[];

  constructor(keys: readonly string[], message: string, fix = '', options?: { cause?: unknown }) {
    super('configuration', message, fix, options);
    this.keys = keys;
  }
}
