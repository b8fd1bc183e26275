import { z } from 'zod';
import { readings } from './source.ts';
import { sourceKinds, sources, type DatasetKind, type SourceKind } from './sources.ts';

/** The source of an import, as requested. */

/** A file on the machine of the lab: a path, or a file that a screen uploaded (`FileReference`). */
export const fileReference = z.string().min(1);

/** Names of the files of a kind of source. */
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

/** The source of an import: its kind, a reference for each file, and how to read them. */
export const sourceRequest = z.discriminatedUnion('kind', sourceKinds.map(schemaOf) as [Schema, ...Schema[]]);
export type SourceRequest = z.output<typeof sourceRequest>;
export type SourceOf<Kind extends SourceKind> = Extract<SourceRequest, { kind: Kind }>;
/** Files that an importer reads directly: all except archives. */
export type ImportSource = SourceOf<DatasetKind>;
