import { randomInt } from 'node:crypto';
import { randomStream } from '../../src/lab/base/random.ts';
import { killTrainingCommands } from './kill/command.ts';
import { killedRun } from './kill/configuration.ts';
import { killExports } from './kill/exports.ts';
import { killImports } from './kill/imports.ts';
import { killMigrations } from './kill/migrations.ts';
import { killServers } from './kill/server.ts';
import { killTrainers } from './kill/trainer.ts';
import type { FaultLine, FaultPart, Scale } from './lines.ts';
import { Lab, undisturbedEnding } from './runs/lab.ts';

/** Number of kills of each. */
const kills = {
  long: { trainers: 110, commands: 60, servers: 20, migrations: 40, imports: 35, exports: 35 },
  short: { trainers: 3, commands: 2, servers: 1, migrations: 2, imports: 1, exports: 1 },
} as const satisfies Record<Scale, object>;

/** SIGKILL to training processes, commands and servers while they work. */
export const kill: FaultPart = {
  what: 'SIGKILL to training processes, commands and servers, at moments that are aimed at',
  async run(scale, soFar) {
    const random = randomStream(randomInt(2 ** 32), 'sample', 'kill');
    const count = kills[scale];
    using lab = await Lab.open();
    const undisturbed = await undisturbedEnding(lab, killedRun);
    const finished = lab.store.listRuns()[0]!.id;
    const lines: (() => Promise<FaultLine>)[] = [
      () => killTrainers(lab, undisturbed, count.trainers, random),
      () => killTrainingCommands(lab, undisturbed, count.commands, random),
      () => killServers(lab, undisturbed, count.servers, random),
      () => killMigrations(lab.folder, count.migrations, random),
      () => killImports(lab.folder, count.imports, random),
      () => killExports(lab, finished, count.exports, random),
    ];
    const done: FaultLine[] = [];
    for (const line of lines) {
      done.push(await line());
      soFar?.(done);
    }
    return done;
  },
};
