import { basename } from 'node:path';
import { previewTable } from '../lab/data/preview.ts';
import type { PreviewRequest } from '../shared/contract/datasets.ts';
import { LabError } from '../shared/errors.ts';
import { columnMapping, columnRoles, type ColumnMapping } from '../shared/table.ts';

/**
 * Which column of a table is which: what `columns` says (`question=…,answer=…`), completed with columns that are
 * recognised by their names.
 *
 * @throws LabError if `columns` cannot be read, the file cannot be read, or no column is the question or the answer
 */
export async function columnsOf(table: PreviewRequest, columns: string | undefined): Promise<ColumnMapping> {
  const given = columns === undefined ? {} : parseColumns(columns);
  const preview = await previewTable(table);
  const taken = new Set(Object.values(given));
  const recognised = Object.fromEntries(
    Object.entries(preview.mapping).filter(([, column]) => column !== undefined && !taken.has(column)),
  );
  const mapping = columnMapping.safeParse(withoutEmpty({ ...recognised, ...given }));
  if (mapping.success) return mapping.data;
  const missing = String(mapping.error.issues[0]!.path[0]);
  throw new LabError(
    'data',
    `${basename(table.file)} has no column that was recognised as the ${missing}. Columns found: ${preview.columns.slice(0, 20).join(', ')}.`,
    `Name it: --columns ${missing}=<column>`,
  );
}

/** Without the score, if it was named as nothing: `score=`. */
function withoutEmpty(columns: Record<string, string | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(columns).filter(([, column]) => column !== ''));
}

function parseColumns(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [role = '', column = ''] = part.split(/=(.*)/s);
      if (columnRoles.some((known) => known === role.trim()) && (column.trim() !== '' || role.trim() === 'score'))
        return [role.trim(), column.trim()] as const;
      throw new LabError(
        'usage',
        `--columns: "${part}" is not <role>=<column>.`,
        `Roles: ${columnRoles.join(', ')}. For example: --columns question=query,answer=passage,score=votes (or "score=" for none)`,
      );
    }),
  );
}
