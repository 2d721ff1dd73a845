-- Why the grader declined to judge an answer; such an evaluation is failed, and its reason is about this.
ALTER TABLE evaluations ADD COLUMN refusal TEXT;

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
    evaluations.failure_reason,
    evaluations.refusal
FROM answers
JOIN evaluations ON evaluations.answer_id = answers.id
JOIN questions ON questions.id = answers.question_id
JOIN interviews ON interviews.id = questions.interview_id;
