-- Real mode: an interview under a clock, without feedback until its end. Earlier interviews, and those of
-- older processes, are held in study mode.

ALTER TABLE interviews ADD COLUMN mode TEXT NOT NULL DEFAULT 'study' CHECK (mode IN ('study', 'real'));
-- The limits; 0: none.
ALTER TABLE interviews ADD COLUMN minutes INTEGER NOT NULL DEFAULT 0 CHECK (minutes >= 0);
ALTER TABLE interviews ADD COLUMN question_minutes INTEGER NOT NULL DEFAULT 0 CHECK (question_minutes >= 0);
-- Only in real mode: when the time is up, and when the interview ended before that.
ALTER TABLE interviews ADD COLUMN ends_at TIMESTAMPTZ;
ALTER TABLE interviews ADD COLUMN ended_at TIMESTAMPTZ;
-- When the latest answer came.
ALTER TABLE interviews ADD COLUMN answered_at TIMESTAMPTZ;

-- As in 0013, and notes when the answer came, and that it ends a real interview if it is the last one.
CREATE OR REPLACE FUNCTION submit_answer(
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
    SET progress = jsonb_set(progress, ARRAY[place::text], jsonb_build_array(the_attempt)),
        answered_at = the_moment
    WHERE id = of_interview;
    UPDATE interviews SET ended_at = the_moment
    WHERE id = of_interview AND ended_at IS NULL AND ends_at > the_moment
        AND question_count <= (SELECT count(*) FROM jsonb_object_keys(progress));
    PERFORM pg_notify('viva_changes', of_interview::text), pg_notify('viva_work', '');
    RETURN QUERY SELECT 'stored', made;
END
$$;
