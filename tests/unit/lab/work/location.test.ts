import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { moduleNamed, nameOfModule } from '../../../../src/lab/work/location.ts';
import { loadTask } from '../../../../src/lab/work/task.ts';

const files = globSync('src/lab/**/*Task.ts');

test.each(files)('a worker finds the task of %s by the name that its owner sends', async (file) => {
  const name = nameOfModule(pathToFileURL(resolve(file)).href);
  expect(moduleNamed(name).pathname.endsWith(`/${file.replaceAll('\\', '/')}`)).toBe(true);
  expect((await loadTask(name)).name).toBe(name);
});

test('there are tasks, and a module without one says so', async () => {
  expect(files.length).toBeGreaterThan(8);
  await expect(loadTask('work/throttle')).rejects.toThrow('The module work/throttle exports no task.');
});
