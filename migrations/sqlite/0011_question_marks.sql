-- What people note of questions for themselves. A question of the bank has one mark in all of an account's
-- interviews, known by its id in the bank, which stays when they go; any other question has its own.

CREATE TABLE question_marks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    bank_id TEXT,
    -- A question that is not of the bank.
    question_id INTEGER UNIQUE REFERENCES questions (id) ON DELETE CASCADE,
    -- The question of the bank as it was asked last.
    asked_as INTEGER REFERENCES questions (id) ON DELETE SET NULL,
    -- What was asked, for when that is deleted.
    question_text TEXT NOT NULL,
    topic TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('junior', 'mid', 'senior', 'staff')),
    source TEXT NOT NULL CHECK (source IN ('bank', 'model', 'follow_up')),
    note TEXT NOT NULL,
    starred INTEGER NOT NULL CHECK (starred IN (0, 1)),
    wish TEXT NOT NULL CHECK (wish IN ('none', 'not_again', 'again_soon')),
    changed_at INTEGER NOT NULL,
    UNIQUE (user_id, bank_id),
    CHECK ((bank_id IS NULL) <> (question_id IS NULL))
) STRICT;

CREATE INDEX question_marks_by_user ON question_marks (user_id, id);
CREATE INDEX question_marks_asked_as ON question_marks (asked_as) WHERE asked_as IS NOT NULL;
