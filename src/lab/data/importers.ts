import type { ImportSource } from '../../shared/sourceRequest.ts';
import type { DatasetKind } from '../../shared/sources.ts';
import { beirImporter } from './importBeir.ts';
import { csvImporter } from './importCsv.ts';
import type { Importer } from './importer.ts';
import { jsonImporter } from './importJson.ts';
import { postsImporter } from './importPosts.ts';
import { tableImporter } from './importTable.ts';

const importers: { readonly [Kind in DatasetKind]: Importer<Kind> } = {
  csv: csvImporter,
  posts: postsImporter,
  table: tableImporter,
  beir: beirImporter,
  json: jsonImporter,
};

export function importerOf<Source extends ImportSource>({ kind }: Source): Importer<Source['kind']> {
  // Each importer is listed under the kind of its own source.
  return importers[kind] as unknown as Importer<Source['kind']>;
}
