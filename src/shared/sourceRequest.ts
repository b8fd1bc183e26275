import { z } from 'zod';
import { readings } from './source.ts';
import { sourceKinds, sources, type DatasetKind, type SourceKind } from './sources.ts';

/** What an import is asked to read. */

/** A file on the machine of the lab: a path, or one that a screen has handed over (`FileReference`). */
export const fileReference = z.string().min(1);

/** Names of the files that a kind of source consists of. */
export type FileOf<Kind extends SourceKind> = { [Each in Kind]: keyof (typeof sources)[Each]['files'] }[Kind];
type ReadingOf<Kind extends SourceKind> = (typeof sources)[Kind]['reading'];

type SchemaOf<Kind extends SourceKind> = z.ZodObject<
  { kind: z.ZodLiteral<Kind> } & Record<FileOf<Kind>, typeof fileReference> & (typeof readings)[ReadingOf<Kind>],
  z.core.$strict
>;
type Schema = { [Kind in SourceKind]: SchemaOf<Kind> }[SourceKind];

function schemaOf(kind: SourceKind): Schema {
  const { files, reading } = sources[kind];
  return z.strictObject({
    kind: z.literal(kind),
    ...Object.fromEntries(Object.keys(files).map((file) => [file, fileReference])),
    ...readings[reading],
  }) as unknown as Schema;
}

/** The source of an import: its kind, a reference for each of its files, and how they are read. */
export const sourceRequest = z.discriminatedUnion('kind', sourceKinds.map(schemaOf) as [Schema, ...Schema[]]);
export type SourceRequest = z.output<typeof sourceRequest>;
export type SourceOf<Kind extends SourceKind> = Extract<SourceRequest, { kind: Kind }>;
/** Files that an importer reads as they are: all but archives. */
export type ImportSource = SourceOf<DatasetKind>;
