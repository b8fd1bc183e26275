import { LabError } from '../../../../shared/errors.ts';
import { baseAddress } from '../../../net/address.ts';

/** An MLflow tracking server, and the credentials for it. */
export interface MlflowServer {
  /** Without a trailing slash. */
  readonly address: string;
  /** Header of every request, sent only to `address`; null without credentials. */
  readonly authorization: string | null;
}

/**
 * The server at an address, with the credentials of the environment, in the variables of MLflow's own tools:
 * MLFLOW_TRACKING_USERNAME with MLFLOW_TRACKING_PASSWORD, else MLFLOW_TRACKING_TOKEN. Throws a `configuration` LabError
 * for an invalid address or incomplete credentials.
 */
export function mlflowServer(url: string, environment: NodeJS.ProcessEnv = process.env): MlflowServer {
  return { address: baseAddress(url, '--mlflow'), authorization: authorizationOf(environment) };
}

function authorizationOf({
  MLFLOW_TRACKING_USERNAME: name,
  MLFLOW_TRACKING_PASSWORD: password,
  MLFLOW_TRACKING_TOKEN: token,
}: NodeJS.ProcessEnv): string | null {
  if (name && password) return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  if (token) return `Bearer ${token}`;
  if (!name && !password) return null;
  throw new LabError(
    'configuration',
    `${name ? 'MLFLOW_TRACKING_USERNAME' : 'MLFLOW_TRACKING_PASSWORD'} is set, ${name ? 'MLFLOW_TRACKING_PASSWORD' : 'MLFLOW_TRACKING_USERNAME'} is not.`,
    'Set both, or set MLFLOW_TRACKING_TOKEN.',
  );
}
