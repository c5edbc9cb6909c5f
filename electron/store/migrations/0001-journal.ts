/** The evidence itself, as FORMAT.md section 9 has it. `IF NOT EXISTS`: a journal made by other hands is taken as it is. */
export const journal = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY, header BLOB NOT NULL, payload BLOB NULL, leaf BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL);
`
