import { join } from 'node:path';
import { importDataset } from '../../../src/lab/data/importDataset.ts';
import { openHome } from '../../../src/lab/files/home.ts';
import { prepareRun } from '../../../src/lab/training/prepare.ts';
import { resolveConfiguration } from '../../../src/shared/configuration.ts';
import { words, writeLines } from '../madeUpPosts.ts';
import { randomStream } from '../../../src/lab/base/random.ts';
import { inTemporaryFolder } from '../../harness/temporaryFolder.ts';

/** What a run does before its first step: prints seconds and peak memory. The argument is the number of questions. */
const questions = Number(process.argv[2]);

await inTemporaryFolder(async (folder) => {
  const file = join(folder, 'questions.json');
  const random = randomStream(1, 'resampling', 'bench-preparing');
  await writeLines(
    file,
    function* () {
      for (let q = 0; q < questions; q++) {
        const answers = Array.from({ length: 2 }, (_, rank) => ({
          id: `${q}-${rank}`,
          body: words(random, 30),
          score: 2 - rank,
          is_accepted: false,
          rank,
        }));
        const question = {
          id: String(q),
          title: words(random, 8),
          body: words(random, 20),
          score: 1,
          view_count: 1,
          tags: '',
          accepted_answer_id: null,
        };
        yield `${q === 0 ? '[' : ','}${JSON.stringify({ question, answers })}${q === questions - 1 ? ']' : ''}`;
      }
    },
    'utf8',
  );
  const home = openHome(join(folder, 'home'));
  const dataset = await importDataset({ home: home.folder, name: 'made-up', source: { kind: 'json', file } });
  const configuration = resolveConfiguration({ encoder: 'static', embed_dim: 64, vocabulary_size: 2000 });
  const started = performance.now();
  await prepareRun(
    {
      run: 'bench',
      configuration,
      dataset: dataset.folder,
      folder: join(folder, 'run'),
      cache: home.cache,
      device: 'cpu',
      deviceReason: '',
    },
    { phase: () => undefined, notice: () => undefined },
  );
  console.log(
    JSON.stringify({ seconds: (performance.now() - started) / 1000, peakBytes: process.resourceUsage().maxRSS * 1024 }),
  );
});
process.exit(0);
