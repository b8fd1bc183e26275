import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { defaultSettings, settings, type Settings } from '../../../shared/contract/contract.ts';
import { writeAtomically } from '../../files/atomicFile.ts';
import { asStorageError } from '../../files/storage.ts';
import type { Implementations, ServiceContext } from '../context.ts';

/** The settings of the screens: settings.json in the home folder. It is read each time, because programs share it. */
export function settingsMethods(context: ServiceContext): Implementations<'settings.get' | 'settings.set'> {
  const file = join(context.home.folder, 'settings.json');
  return {
    'settings.get': () => readSettings(file),
    'settings.set': (changes) => {
      const changed = settings.parse({ ...readSettings(file), ...withoutUndefined(changes) });
      try {
        writeAtomically(file, [`${JSON.stringify(changed, null, 2)}\n`]);
      } catch (error) {
        throw asStorageError(error, file);
      }
      context.notify({ type: 'settings', settings: changed });
      return changed;
    },
  };
}

/** LossLab starts even if the settings cannot be read: the file is renamed and the log says so. */
export function readSettings(file: string): Settings {
  if (!existsSync(file)) return defaultSettings;
  try {
    return {
      ...defaultSettings,
      ...withoutUndefined(settings.partial().parse(JSON.parse(readFileSync(file, 'utf8')))),
    };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw asStorageError(error, file);
    const aside = `${file}.damaged-${Date.now()}`;
    renameSync(file, aside);
    process.stderr.write(
      `losslab: ${file} is not valid. It was renamed to ${aside}, and all settings were reset to their defaults.\n`,
    );
    return defaultSettings;
  }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(values: T): Partial<Defined<T>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Defined<T>>;
}
