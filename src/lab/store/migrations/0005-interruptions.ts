/** Why a run was interrupted, as JSON (`RunFailure`); NULL if its process ended without a message. */
export const interruptions = `
  ALTER TABLE runs ADD COLUMN interruption TEXT CHECK (interruption IS NULL OR (state = 'interrupted' AND json_valid(interruption)));
`;
