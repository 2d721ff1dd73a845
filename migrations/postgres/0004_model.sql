-- What evaluations and questions by a language model need: where an evaluation comes from, what was
-- wrong with its last attempt, by what the same evaluation is known, and what has been spent.

ALTER TABLE evaluations ADD COLUMN last_fault TEXT;
-- Duration, calls, tokens and opinions.
ALTER TABLE evaluations ADD COLUMN provenance JSONB;
-- SHA-256 of question, rubric, answer, model and prompt version.
ALTER TABLE evaluations ADD COLUMN fingerprint BYTEA;

CREATE INDEX evaluations_by_fingerprint ON evaluations (fingerprint)
WHERE fingerprint IS NOT NULL AND status = 'completed';

-- Calls to the language model that an interview has cost.
ALTER TABLE interviews ADD COLUMN model_calls BIGINT NOT NULL DEFAULT 0;

-- Calls to the language model by account and day (days since 1970-01-01 UTC). A deleted interview
-- does not give its calls back.
CREATE TABLE model_calls (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day BIGINT NOT NULL,
    calls BIGINT NOT NULL CHECK (calls >= 0),
    PRIMARY KEY (user_id, day)
);

DROP VIEW evaluated_answers;

CREATE VIEW evaluated_answers AS
SELECT
    answers.id AS answer_id,
    answers.question_id,
    answers.answer_text,
    answers.submitted_at,
    answers.attempt,
    answers.attempt = (
        SELECT max(others.attempt) FROM answers AS others
        WHERE others.question_id = answers.question_id
    ) AS is_latest,
    questions.interview_id,
    questions.question_order,
    questions.reference_answer,
    interviews.user_id AS owner_id,
    evaluations.status,
    evaluations.attempts,
    evaluations.due_at,
    evaluations.lease_until,
    evaluations.last_fault,
    evaluations.scores,
    evaluations.feedback,
    evaluations.suggestions,
    evaluations.details,
    evaluations.grader_kind,
    evaluations.grader_name,
    evaluations.grader_version,
    evaluations.provenance,
    evaluations.fingerprint,
    evaluations.evaluated_at,
    evaluations.failure_reason
FROM answers
JOIN evaluations ON evaluations.answer_id = answers.id
JOIN questions ON questions.id = answers.question_id
JOIN interviews ON interviews.id = questions.interview_id;
