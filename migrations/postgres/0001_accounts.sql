-- Accounts, the sessions they open and the refresh tokens of those sessions.

CREATE TABLE users (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username TEXT NOT NULL UNIQUE CHECK (length(username) BETWEEN 3 AND 50),
    -- "C": lower() then knows the letters of ASCII alone, as in SQLite, whatever the database's
    -- language is.
    email TEXT COLLATE "C" NOT NULL CHECK (length(email) <= 100),
    hashed_password TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE UNIQUE INDEX users_by_email ON users (lower(email));

CREATE TABLE sessions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);

CREATE INDEX sessions_by_user ON sessions (user_id);

-- Tokens are kept as SHA-256 hashes. A used one stays, so that showing it again can be told from a
-- token that never was.
CREATE TABLE refresh_tokens (
    token_hash BYTEA PRIMARY KEY,
    session_id BIGINT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
