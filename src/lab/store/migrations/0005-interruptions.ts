/** Why a run was interrupted, as JSON (`RunFailure`); NULL where its process went away without a word. */
export const interruptions = `
  ALTER TABLE runs ADD COLUMN interruption TEXT CHECK (interruption IS NULL OR (state = 'interrupted' AND json_valid(interruption)));
`;
