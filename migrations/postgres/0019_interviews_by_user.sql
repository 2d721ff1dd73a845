-- An account's interviews in their order, so that lists and searches stop where a page is full. Migration 0002
-- has made it here; this is SQLite's.
CREATE INDEX IF NOT EXISTS interviews_by_user ON interviews (user_id, id);
