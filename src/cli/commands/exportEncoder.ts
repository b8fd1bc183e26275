import { Command, Option } from 'commander';
import { encoderFormats, type EncoderFormat } from '../../shared/contract/encoders.ts';
import { formatBytes } from '../../shared/format.ts';
import { exportRun } from '../../lab/export/encoders/exportRun.ts';
import { openHome } from '../../lab/files/home.ts';
import { openStore } from '../../lab/store/runStore.ts';
import { print, type CommonOptions } from '../output.ts';

interface Options extends CommonOptions {
  readonly format: EncoderFormat;
  readonly out?: string;
}

export function exportEncoderCommand(): Command {
  return new Command('export-encoder')
    .description('Write the encoder of a finished run for other programs, with a model card.')
    .argument('<run>', 'run id or unique prefix')
    .addOption(new Option('--format <format>', 'format to write').choices(encoderFormats).makeOptionMandatory())
    .option('--out <folder>', 'new or empty folder (default: a new one in exports/ of the home folder)')
    .action(async (id: string, options: Options) => {
      using store = openStore(openHome(options.home));
      const exported = await exportRun(store, store.getRun(id), options.format, options.out);
      print(options, exported, () => `Written to ${exported.folder} (${formatBytes(exported.bytes)})`);
    });
}
