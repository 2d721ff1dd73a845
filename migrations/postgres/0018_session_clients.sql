-- What a session was opened from, as the client named itself; empty where that is not known, as in sessions
-- of before and in those that an older process opens.
ALTER TABLE sessions ADD COLUMN client TEXT NOT NULL DEFAULT '';

-- As open_session, which older processes still call, and keeps what the session was opened from.
CREATE FUNCTION open_session_from(
    the_user BIGINT, the_hash TEXT, the_moment TIMESTAMPTZ, the_token BYTEA,
    the_end TIMESTAMPTZ, the_most BIGINT, the_tries BYTEA[], the_refills BIGINT[], the_client TEXT
) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    made BIGINT;
BEGIN
    made := open_session(
        the_user, the_hash, the_moment, the_token, the_end, the_most, the_tries, the_refills
    );
    UPDATE sessions SET client = the_client WHERE id = made;
    RETURN made;
END
$$;
