-- Interviews, their questions, the answers and the evaluations of those.

CREATE TABLE interviews (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (length(role) BETWEEN 1 AND 100),
    level TEXT NOT NULL CHECK (level IN ('junior', 'mid', 'senior', 'staff')),
    language TEXT NOT NULL,
    job_description TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    idempotency_key TEXT,
    -- SHA-256 of the request, to tell a repeated one from another under the same key.
    request_hash BYTEA,
    UNIQUE (user_id, idempotency_key)
);

-- An account's list goes back in time; UNIQUE above finds the account, but not in that order.
CREATE INDEX interviews_by_user ON interviews (user_id, id);

CREATE TABLE questions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    interview_id BIGINT NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    question_text TEXT NOT NULL,
    question_order INTEGER NOT NULL CHECK (question_order >= 1),
    topic TEXT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('bank', 'model', 'follow_up')),
    bank_id TEXT,
    parent_question_id BIGINT REFERENCES questions (id) ON DELETE CASCADE,
    reference_answer TEXT NOT NULL,
    -- The key points and mistakes that answers are graded against.
    rubric JSONB NOT NULL,
    UNIQUE (interview_id, question_order)
);

CREATE TABLE answers (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    question_id BIGINT NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    answer_text TEXT NOT NULL,
    submitted_at TIMESTAMPTZ NOT NULL,
    attempt INTEGER NOT NULL CHECK (attempt >= 1),
    duration_ms BIGINT NOT NULL CHECK (duration_ms >= 0),
    idempotency_key TEXT,
    UNIQUE (question_id, attempt),
    UNIQUE (user_id, idempotency_key)
);

-- An evaluation is a row from the moment its answer is stored, and that row is also the queue.
CREATE TABLE evaluations (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    answer_id BIGINT NOT NULL UNIQUE REFERENCES answers (id) ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('pending', 'completed', 'failed')),
    -- Times it was begun since it was last asked for.
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Grows with every claim and never falls: who holds an older number may not write.
    fence BIGINT NOT NULL DEFAULT 0,
    due_at TIMESTAMPTZ NOT NULL,
    lease_until TIMESTAMPTZ,
    -- Correctness, completeness, quality, communication, each from 0 to 10.
    scores JSONB,
    feedback TEXT,
    -- A list of sentences.
    suggestions JSONB,
    -- Key points with evidence, and explanations.
    details JSONB,
    grader_kind TEXT CHECK (grader_kind IN ('offline', 'model')),
    grader_name TEXT,
    grader_version TEXT,
    evaluated_at TIMESTAMPTZ,
    failure_reason TEXT,
    CHECK (
        (status = 'completed') = (
            scores IS NOT NULL AND feedback IS NOT NULL AND suggestions IS NOT NULL
            AND details IS NOT NULL AND grader_kind IS NOT NULL AND evaluated_at IS NOT NULL
        )
    ),
    CHECK ((status = 'failed') = (failure_reason IS NOT NULL))
);

CREATE INDEX evaluations_queue ON evaluations (due_at, id) WHERE status = 'pending';
CREATE INDEX questions_by_parent ON questions (parent_question_id)
WHERE parent_question_id IS NOT NULL;
CREATE INDEX questions_asked ON questions (bank_id) WHERE bank_id IS NOT NULL;
