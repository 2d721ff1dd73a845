-- How far an interview has come is kept with it, by the transactions that change it, so that lists need
-- nothing else.

ALTER TABLE interviews ADD COLUMN question_count INTEGER NOT NULL DEFAULT 0;
-- By a question's order, what became of its latest answer: [attempt], and once that is evaluated
-- [attempt, kind of grader, its name, its version, [the four scores]].
ALTER TABLE interviews ADD COLUMN progress TEXT NOT NULL DEFAULT '{}';

UPDATE interviews SET
    question_count = (
        SELECT count(*) FROM questions WHERE questions.interview_id = interviews.id
    ),
    progress = (
        SELECT json_group_object(
            questions.question_order,
            CASE
                WHEN evaluations.status = 'completed' THEN json_array(
                    answers.attempt, evaluations.grader_kind, evaluations.grader_name,
                    evaluations.grader_version, json_array(
                        json_extract(evaluations.scores, '$.correctness'),
                        json_extract(evaluations.scores, '$.completeness'),
                        json_extract(evaluations.scores, '$.quality'),
                        json_extract(evaluations.scores, '$.communication')
                    )
                )
                ELSE json_array(answers.attempt)
            END
        )
        FROM questions
        JOIN answers ON answers.question_id = questions.id AND answers.attempt = (
            SELECT max(others.attempt) FROM answers AS others
            WHERE others.question_id = questions.id
        )
        JOIN evaluations ON evaluations.answer_id = answers.id
        WHERE questions.interview_id = interviews.id
    );
