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
 * The server that `--mlflow` names, or MLFLOW_TRACKING_URI if it is given without an address, with the credentials of
 * the environment, in the variables of MLflow's own tools: MLFLOW_TRACKING_USERNAME with MLFLOW_TRACKING_PASSWORD, else
 * MLFLOW_TRACKING_TOKEN. Throws a `configuration` LabError for a missing or invalid address or incomplete credentials.
 */
export function mlflowServer(given: string | true, environment: NodeJS.ProcessEnv = process.env): MlflowServer {
  const address = given === true ? addressFromEnvironment(environment) : givenAddress(given);
  return { address, authorization: authorizationOf(environment) };
}

/**
 * The server at an address that an earlier command named. It gets the credentials of the environment only if
 * MLFLOW_TRACKING_URI names it: they may be for another server by now. Throws as `mlflowServer` does.
 */
export function knownServer(address: string, environment: NodeJS.ProcessEnv = process.env): MlflowServer {
  const uri = environment.MLFLOW_TRACKING_URI;
  const isNamed = uri !== undefined && uri !== '' && withScheme(uri).replace(/\/+$/, '') === address;
  return { address, authorization: isNamed ? authorizationOf(environment) : null };
}

function givenAddress(text: string): string {
  return baseAddress(withScheme(text), {
    name: '--mlflow',
    withoutIt: 'give --mlflow without an address to use MLFLOW_TRACKING_URI',
  });
}

function addressFromEnvironment({ MLFLOW_TRACKING_URI: uri }: NodeJS.ProcessEnv): string {
  if (uri)
    return baseAddress(withScheme(uri), {
      name: 'MLFLOW_TRACKING_URI',
      withoutIt: 'start a server for it with "mlflow server" and give its address to --mlflow',
    });
  throw new LabError(
    'configuration',
    '--mlflow has no address, and MLFLOW_TRACKING_URI is not set.',
    'Give the address of the tracking server, for example --mlflow http://127.0.0.1:5000.',
  );
}

/** Host and port, as servers print them, mean http, as MLflow's own server speaks. */
function withScheme(text: string): string {
  return /^([\w.-]+|\[[\da-f:]+\]):\d{1,5}(\/|$)/i.test(text) ? `http://${text}` : text;
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
