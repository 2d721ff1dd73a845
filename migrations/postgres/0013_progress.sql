-- How far an interview has come is kept with it, by the transactions that change it, so that lists need
-- nothing else. And three steps that read before they write, under a lock, in one round trip each.

ALTER TABLE interviews ADD COLUMN question_count INTEGER NOT NULL DEFAULT 0;
-- By a question's order, what became of its latest answer: [attempt], and once that is evaluated
-- [attempt, kind of grader, its name, its version, [the four scores]].
ALTER TABLE interviews ADD COLUMN progress JSONB NOT NULL DEFAULT '{}';
-- Room for the next version of a row beside it: every answer makes one.
ALTER TABLE interviews SET (fillfactor = 80);

UPDATE interviews SET
    question_count = found.question_count,
    progress = found.progress
FROM (
    SELECT
        questions.interview_id,
        count(*) AS question_count,
        coalesce(
            jsonb_object_agg(
                questions.question_order::text,
                CASE
                    WHEN evaluations.status = 'completed' THEN jsonb_build_array(
                        answers.attempt, evaluations.grader_kind, evaluations.grader_name,
                        evaluations.grader_version, jsonb_build_array(
                            evaluations.scores -> 'correctness', evaluations.scores -> 'completeness',
                            evaluations.scores -> 'quality', evaluations.scores -> 'communication'
                        )
                    )
                    ELSE jsonb_build_array(answers.attempt)
                END
            ) FILTER (WHERE answers.id IS NOT NULL),
            '{}'
        ) AS progress
    FROM questions
    LEFT JOIN answers ON answers.question_id = questions.id AND answers.attempt = (
        SELECT max(others.attempt) FROM answers AS others WHERE others.question_id = questions.id
    )
    LEFT JOIN evaluations ON evaluations.answer_id = answers.id
    GROUP BY questions.interview_id
) AS found
WHERE found.interview_id = interviews.id;

-- Keeps an answer with its pending evaluation: both or neither. Without a session nobody asks for one,
-- and without an interview nobody asks whose it is. An account's submits come one after the other:
-- attempts are numbered, and a key that came before is looked for.
CREATE FUNCTION submit_answer(
    the_session BIGINT, the_user BIGINT, the_interview BIGINT, the_question BIGINT, the_text TEXT,
    the_moment TIMESTAMPTZ, the_duration BIGINT, the_key TEXT, the_share INTEGER, the_back INTERVAL
) RETURNS TABLE (outcome TEXT, answer_id BIGINT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    owner BIGINT;
    place INTEGER;
    of_interview BIGINT;
    made BIGINT;
    is_same BOOLEAN;
    the_attempt INTEGER;
    stands TIMESTAMPTZ;
BEGIN
    IF the_session IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM sessions WHERE id = the_session AND user_id = the_user AND ended_at IS NULL
    ) THEN
        RETURN QUERY SELECT 'ended', NULL::BIGINT;
        RETURN;
    END IF;
    IF the_interview IS NOT NULL THEN
        SELECT user_id INTO owner FROM interviews WHERE id = the_interview;
        IF NOT FOUND THEN
            RETURN QUERY SELECT 'no interview', NULL::BIGINT;
            RETURN;
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM questions WHERE id = the_question AND interview_id = the_interview
        ) THEN
            RETURN QUERY SELECT 'no question', NULL::BIGINT;
            RETURN;
        END IF;
        IF owner <> the_user THEN
            RETURN QUERY SELECT 'denied', NULL::BIGINT;
            RETURN;
        END IF;
    END IF;
    PERFORM 1 FROM users WHERE id = the_user FOR NO KEY UPDATE;
    IF the_key IS NOT NULL THEN
        SELECT id, question_id = the_question AND answer_text = the_text INTO made, is_same
        FROM answers WHERE user_id = the_user AND idempotency_key = the_key;
        IF FOUND THEN
            RETURN QUERY SELECT CASE WHEN is_same THEN 'repeated' ELSE 'key reused' END, made;
            RETURN;
        END IF;
    END IF;
    SELECT question_order, interview_id INTO place, of_interview
    FROM questions WHERE id = the_question;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'no question', NULL::BIGINT;
        RETURN;
    END IF;
    SELECT coalesce(max(attempt), 0) + 1 INTO the_attempt
    FROM answers WHERE question_id = the_question;
    INSERT INTO answers (
        question_id, user_id, answer_text, submitted_at, attempt, duration_ms, idempotency_key
    ) VALUES (
        the_question, the_user, the_text, the_moment, the_attempt, the_duration, the_key
    ) RETURNING id INTO made;
    SELECT stands_at + the_back INTO stands FROM evaluations
    WHERE user_id = the_user AND status = 'pending'
    ORDER BY stands_at DESC LIMIT 1 OFFSET the_share - 1;
    INSERT INTO evaluations (answer_id, user_id, status, due_at, stands_at)
    VALUES (made, the_user, 'pending', the_moment, greatest(the_moment, stands));
    UPDATE interviews
    SET progress = jsonb_set(progress, ARRAY[place::text], jsonb_build_array(the_attempt))
    WHERE id = of_interview;
    PERFORM pg_notify('viva_changes', of_interview::text), pg_notify('viva_work', '');
    RETURN QUERY SELECT 'stored', made;
END
$$;

-- Opens a session of an account that still has that password hash, and gives the tries back that were
-- taken for it. At most so many of the account's sessions are left: those that were used longest ago
-- end. Run again for the same token it gives the same session, and nothing back.
CREATE FUNCTION open_session(
    the_user BIGINT, the_hash TEXT, the_moment TIMESTAMPTZ, the_token BYTEA,
    the_end TIMESTAMPTZ, the_most BIGINT, the_tries BYTEA[], the_refills BIGINT[]
) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    made BIGINT;
    beyond BIGINT;
BEGIN
    -- Not while the password is changed, which ends all sessions that the old one has opened.
    PERFORM 1 FROM users WHERE id = the_user FOR NO KEY UPDATE;
    SELECT session_id INTO made FROM refresh_tokens WHERE token_hash = the_token;
    IF FOUND THEN
        RETURN made;
    END IF;
    -- In the order of their keys, in which tries are taken.
    FOR n IN 1 .. coalesce(cardinality(the_tries), 0) LOOP
        UPDATE throttles SET full_at = full_at - the_refills[n] WHERE throttle_key = the_tries[n];
    END LOOP;
    INSERT INTO sessions (user_id, created_at)
    SELECT id, the_moment FROM users WHERE id = the_user AND hashed_password = the_hash
    RETURNING id INTO made;
    IF made IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO refresh_tokens (token_hash, session_id, expires_at)
    VALUES (the_token, made, the_end);
    SELECT count(*) - the_most INTO beyond FROM sessions
    WHERE user_id = the_user AND ended_at IS NULL;
    IF beyond > 0 THEN
        UPDATE sessions SET ended_at = the_moment WHERE id IN (
            SELECT id FROM sessions
            WHERE user_id = the_user AND ended_at IS NULL AND id <> made
            ORDER BY coalesce(
                (SELECT max(used_at) FROM refresh_tokens WHERE session_id = sessions.id),
                created_at
            ), id LIMIT beyond
        );
    END IF;
    RETURN made;
END
$$;

-- Takes a try of each budget, or none, and then gives those that are empty with the moment at which
-- they are full. A budget takes a try while it is full no later than its latest moment; what is
-- further away than the furthest that there can be was left by a clock that has been set back since.
CREATE FUNCTION take_tries(
    the_keys BYTEA[], the_moment BIGINT, the_refills BIGINT[], the_latest BIGINT[],
    the_furthest BIGINT[]
) RETURNS TABLE (empty_key BYTEA, full_at BIGINT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    -- Most of a flood is refused here, without a lock and without anything written.
    RETURN QUERY
    SELECT throttle_key, throttles.full_at FROM throttles
    JOIN unnest(the_keys, the_latest, the_furthest) AS tries (key, latest, furthest)
        ON tries.key = throttles.throttle_key
    WHERE throttles.full_at > tries.latest AND throttles.full_at <= tries.furthest;
    IF FOUND THEN
        RETURN;
    END IF;
    FOR n IN 1 .. cardinality(the_keys) LOOP
        INSERT INTO throttles (throttle_key, full_at)
        VALUES (the_keys[n], the_moment + the_refills[n])
        ON CONFLICT (throttle_key) DO UPDATE SET full_at = the_refills[n] + CASE
            WHEN throttles.full_at > the_moment AND throttles.full_at <= the_furthest[n]
            THEN throttles.full_at ELSE the_moment
        END
        WHERE throttles.full_at <= the_latest[n] OR throttles.full_at > the_furthest[n];
        IF NOT FOUND THEN
            FOR taken IN 1 .. n - 1 LOOP
                UPDATE throttles SET full_at = throttles.full_at - the_refills[taken]
                WHERE throttle_key = the_keys[taken];
            END LOOP;
            RETURN QUERY
            SELECT throttle_key, throttles.full_at FROM throttles WHERE throttle_key = the_keys[n];
            RETURN;
        END IF;
    END LOOP;
END
$$;
