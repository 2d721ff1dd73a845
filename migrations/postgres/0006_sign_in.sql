-- What sign-in needs to hold against guessing and theft: tries that are counted for all processes
-- together, and which refresh token came after which.

-- A budget of tries. It fills up again steadily, so one moment tells all of it: when it will be full.
-- A row whose moment has passed says nothing more and may go.
CREATE TABLE throttles (
    -- SHA-256 of what is counted: short, of one length, and no list of who tried to be whom.
    throttle_key BYTEA PRIMARY KEY,
    -- Microseconds since 1970-01-01 UTC, because it is reckoned with.
    full_at BIGINT NOT NULL
);

-- The token that was given out when this one was used. A used token without one died unused: another
-- was given out in its stead.
ALTER TABLE refresh_tokens ADD COLUMN successor_hash BYTEA;
