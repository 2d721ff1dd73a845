-- What a person says against an evaluation: challenges of a point with both readings, and what they say about points of which the
-- grader is not sure.

CREATE TABLE challenges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    answer_id INTEGER NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
    -- The index of the key point in the evaluation, from 0.
    point INTEGER NOT NULL,
    -- Verbatim from the answer.
    words TEXT NOT NULL,
    challenged_at INTEGER NOT NULL,
    -- Both readings, and completeness before and after.
    details TEXT NOT NULL
) STRICT;

CREATE INDEX challenges_by_answer ON challenges (answer_id);

CREATE TABLE self_assessments (
    answer_id INTEGER NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
    point INTEGER NOT NULL,
    said TEXT NOT NULL CHECK (said IN ('yes', 'partly', 'no')),
    said_at INTEGER NOT NULL,
    PRIMARY KEY (answer_id, point)
) STRICT;
