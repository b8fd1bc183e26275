import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importDataset } from '../../../src/lab/data/importDataset.ts';
import { openHome, type Home } from '../../../src/lab/files/home.ts';
import { openStore } from '../../../src/lab/store/runStore.ts';
import { evaluatedRun } from '../../../tests/helpers/inspectedRuns.ts';
import { tinyConfigurations } from '../../../tests/helpers/tinyEncoders.ts';
import { formulas, latexCommands, scripts } from './hostileTexts.ts';

export interface MaliciousHome {
  readonly home: Home;
  readonly experiment: string;
  readonly runs: readonly string[];
}

/** A home in which every text from users or files is hostile: of the dataset, of runs and of experiments. */
export async function maliciousHome(folder: string): Promise<MaliciousHome> {
  const home = openHome(join(folder, 'home'));
  const texts = [...scripts, ...formulas];
  const questions = Array.from({ length: 40 }, (_, i) => ({
    question: {
      id: `${texts[i % texts.length]!}${i}`,
      title: `${texts[i % texts.length]!} question ${i}`,
      body: texts[(i + 1) % texts.length]!,
      score: 5,
      view_count: 1,
      tags: texts[(i + 2) % texts.length]!,
      accepted_answer_id: null,
    },
    answers: [0, 1].map((rank) => ({
      id: `${texts[(i + rank) % texts.length]!}-${i}-${rank}`,
      body: `${texts[(i + rank + 3) % texts.length]!} answer ${i}`,
      score: 3 - rank,
      is_accepted: false,
      rank,
    })),
  }));
  const file = join(folder, `${scripts[1].replaceAll('/', '_')}.json`);
  writeFileSync(file, JSON.stringify(questions));
  const { manifest } = await importDataset({
    home: home.folder,
    name: 'evil',
    source: { kind: 'json', file },
    known: { origin: { reference: scripts[0], sha256: '0'.repeat(64) }, licence: scripts[1], attribution: scripts[0] },
  });
  using store = openStore(home);
  const dataset = { name: 'evil', hash: manifest.content.sha256 };
  const values = new Map(questions.map(({ question }, i) => [question.id, 1 / (1 + (i % 5))]));
  const runs = [...scripts.slice(0, 5), ...formulas, ...latexCommands].map((name) =>
    evaluatedRun(store, { ...tinyConfigurations.static!, name, test_size: 0.5 }, dataset, values),
  );
  // The screens show runs of one experiment side by side, and one that failed with a text from a file.
  const experiment = runs[0]!.experiment;
  store.rename(experiment, scripts[0]);
  store.setTags(experiment, [scripts[1], scripts[2]]);
  store.setNote(experiment, scripts.join('\n'));
  const failing = store.createRun({ experiment, configuration: runs[1]!.configuration });
  store.claim(failing.id);
  store.record(
    failing.id,
    { run: failing.id, type: 'notice', message: scripts[1] },
    { run: failing.id, type: 'failed', step: 0, code: 'data', message: scripts[0], fix: scripts[1] },
  );
  return { home, experiment, runs: runs.map(({ id }) => id) };
}
