import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { compareCommand } from './commands/compare.ts';
import { datasetsCommand } from './commands/datasets.ts';
import { demoCommand } from './commands/demo.ts';
import { devicesCommand } from './commands/devices.ts';
import { diagnoseCommand } from './commands/diagnose.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { downloadCommand } from './commands/download.ts';
import { exportDatasetCommand } from './commands/exportDataset.ts';
import { exportEncoderCommand } from './commands/exportEncoder.ts';
import { exportRunsCommand } from './commands/exportRuns.ts';
import { importCommand } from './commands/import.ts';
import { inspectCommand } from './commands/inspect.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { runsCommand } from './commands/runs.ts';
import { serveCommand } from './commands/serve.ts';
import { showCommand } from './commands/show.ts';
import { trainCommand } from './commands/train.ts';
import { verdictCommand } from './commands/verdict.ts';
import { locateHome } from '../lab/files/home.ts';
import { openStore } from '../lab/store/runStore.ts';
import { sendUnsent, type MlflowOptions } from './mlflow.ts';
import type { CommonOptions } from './output.ts';

/** Every command of `losslab`. */
const commands = [
  downloadCommand,
  importCommand,
  datasetsCommand,
  trainCommand,
  resumeCommand,
  runsCommand,
  showCommand,
  compareCommand,
  verdictCommand,
  diagnoseCommand,
  inspectCommand,
  reportCommand,
  evaluateCommand,
  demoCommand,
  devicesCommand,
  exportDatasetCommand,
  exportEncoderCommand,
  exportRunsCommand,
  serveCommand,
];

export function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const program = new Command('losslab')
    .description('Compare embedding losses on your question–answer data.')
    .version(version)
    .exitOverride()
    .hook('postAction', async (_, command) => {
      if (!sendsItself(command)) await sendUnsentIn(command.opts<CommonOptions>());
    })
    .showHelpAfterError('("losslab --help" lists the commands, "losslab <command> --help" the options of one)');
  for (const define of commands)
    program.addCommand(withCommonOptions(define()).exitOverride().copyInheritedSettings(program));
  return program;
}

/** Such a command has just tried to send what it could. */
function sendsItself(command: Command): boolean {
  return command.opts<Partial<MlflowOptions>>().mlflow !== undefined || command.name() === 'resume';
}

/** A home that does not exist yet has sent nothing. */
async function sendUnsentIn({ home: given }: CommonOptions): Promise<void> {
  const home = locateHome(given);
  if (!existsSync(home.database)) return;
  using store = openStore(home);
  await sendUnsent(store);
}

function withCommonOptions(command: Command): Command {
  command.option(
    '--home <folder>',
    "home folder of LossLab (default: LOSSLAB_HOME, or else the system's folder for application data)",
  );
  const hasOwnJson = command.options.some(({ long }) => long === '--json');
  return hasOwnJson ? command : command.option('--json', 'print the result as JSON');
}
