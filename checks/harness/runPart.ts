import { table } from '../../src/cli/output.ts';
import { circumstances, keepResult, resultsFile, type Circumstances } from './results.ts';

/** One part that a command measures or tries. */
export interface Part<Options, Row> {
  readonly what: string;
  /** Long parts report their rows so far, so that they are kept if the part is ended early. */
  run(options: Options, soFar?: (rows: readonly Row[]) => void): Promise<readonly Row[]>;
}

/** How the rows of a command are shown and stored. */
export interface RowFormat<Row> {
  readonly headings: readonly string[];
  cells(row: Row): readonly string[];
  /** Name of the rows in the results. */
  readonly rows: string;
  /** Name of the file of results (`resultsFile`); null to store nothing. */
  readonly file: string | null;
  /** Names of all parts, in the order of the file. */
  readonly order: readonly string[];
  /** Other circumstances, such as the adapter. */
  readonly also?: Readonly<Record<string, string>>;
}

/** Runs a part, prints a table of its rows and stores them with those of other parts. */
export async function runPart<Options, Row>(
  name: string,
  part: Part<Options, Row>,
  options: Options,
  format: RowFormat<Row>,
): Promise<readonly Row[]> {
  process.stderr.write(`${name}: ${part.what}\n`);
  const started = performance.now();
  const begun = { ...(await circumstances()), ...format.also };
  const keep = (rows: readonly Row[]): number => {
    const seconds = Math.round((performance.now() - started) / 1000);
    if (format.file !== null)
      keepResult(resultsFile(format.file), { part: name, ...begun, seconds, [format.rows]: rows }, format.order);
    return seconds;
  };
  const rows = await part.run(options, keep);
  console.log(`\n${name}: ${describe(begun)}, ${keep(rows)} s`);
  console.log(
    table(
      [...format.headings],
      rows.map((row) => [...format.cells(row)]),
    ),
  );
  return rows;
}

function describe({ machine, node, commit, load, ...also }: Circumstances): string {
  const { date: _, ...others } = also;
  return [machine, ...Object.values(others), `Node ${node}`, `commit ${commit}`, `load ${load}`].join(', ');
}
