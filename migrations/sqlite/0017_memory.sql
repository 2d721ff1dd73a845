-- Spaced review: the points of the bank that an account's answers were graded by, and every review of one.

-- An IANA name; none until a client has said it.
ALTER TABLE users ADD COLUMN time_zone TEXT;
-- Grows with every change to the account's memory, so that what was computed of an older state is not written.
ALTER TABLE users ADD COLUMN memory_revision INTEGER NOT NULL DEFAULT 0;
-- Whether the points of a completed evaluation are in the memory.
ALTER TABLE evaluations ADD COLUMN remembered INTEGER NOT NULL DEFAULT 0 CHECK (remembered IN (0, 1));

CREATE INDEX evaluations_to_remember ON evaluations (user_id) WHERE status = 'completed' AND NOT remembered;

-- Days are counted from 1970-01-01, in the account's time zone.
CREATE TABLE memory_points (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- The ids of the question and of its point in the bank.
    bank_id TEXT NOT NULL,
    point_id TEXT NOT NULL,
    -- Whose answer was evaluated last; the question may be deleted, so it is not a reference.
    question_id INTEGER,
    -- What FSRS knows.
    stability REAL NOT NULL,
    difficulty REAL NOT NULL,
    rated_on INTEGER NOT NULL,
    due_on INTEGER NOT NULL,
    reviewed_on INTEGER,
    -- The prompt that was asked last, 1 for the first; 0: none.
    prompt INTEGER NOT NULL,
    ratings INTEGER NOT NULL,
    is_forgotten INTEGER NOT NULL DEFAULT 0 CHECK (is_forgotten IN (0, 1)),
    UNIQUE (user_id, bank_id, point_id),
    CHECK (due_on > rated_on)
) STRICT;

CREATE TABLE memory_reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    memory_point_id INTEGER NOT NULL REFERENCES memory_points (id) ON DELETE CASCADE,
    reviewed_at INTEGER NOT NULL,
    prompt INTEGER NOT NULL,
    answer_text TEXT NOT NULL,
    rating TEXT NOT NULL CHECK (rating IN ('again', 'hard', 'good', 'easy')),
    coverage REAL NOT NULL,
    evidence TEXT NOT NULL,
    correction TEXT NOT NULL,
    due_on INTEGER NOT NULL,
    idempotency_key TEXT,
    UNIQUE (user_id, idempotency_key)
) STRICT;

CREATE INDEX memory_reviews_by_user ON memory_reviews (user_id, id);
CREATE INDEX memory_reviews_by_point ON memory_reviews (memory_point_id);
