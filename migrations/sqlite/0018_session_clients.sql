-- What a session was opened from, as the client named itself; empty where that is not known, as in sessions
-- of before and in those that an older process opens.
ALTER TABLE sessions ADD COLUMN client TEXT NOT NULL DEFAULT '';
