import type { Configuration } from '../shared/configuration.ts';
import { LabError } from '../shared/errors.ts';
import { downloadEncoder } from '../lab/encoders/hub/downloadEncoder.ts';
import { isHubReference } from '../lab/net/hub/hubReference.ts';
import { hubSettings } from '../lab/net/hub/hubSettings.ts';
import { isStoredEncoder, otherEncoderHint } from '../lab/encoders/hub/reference.ts';
import { withTransferProgress, type TransferControl } from './downloading.ts';
import type { CommonOptions } from './output.ts';

/** Downloads the Hub encoders that configurations name and the cache lacks, unless HF_HUB_OFFLINE is set. */
export async function fetchMissingEncoders(
  configurations: readonly Configuration[],
  options: CommonOptions,
): Promise<void> {
  if (hubSettings().offline) return;
  const sources = new Set(
    configurations.flatMap(({ encoder }) =>
      encoder.kind === 'pretrained' && isHubReference(encoder.source) ? [encoder.source] : [],
    ),
  );
  for (const source of sources) {
    if (!isStoredEncoder(source))
      await withTransferProgress(options, `losslab download ${source}`, (control) => fetchEncoder(source, control));
  }
}

/** As `downloadEncoder`; an error also says how to do without this encoder, unless the user stopped the download. */
async function fetchEncoder(source: string, control: TransferControl): Promise<void> {
  try {
    await downloadEncoder(source, control);
  } catch (error) {
    if (control.signal.aborted || !(error instanceof LabError)) throw error;
    throw new LabError(error.code, error.message, `${error.fix}\n${otherEncoderHint}`.trim(), { cause: error });
  }
}
