-- Accounts, the sessions they open and the refresh tokens of those sessions.
-- Times are microseconds since 1970-01-01 UTC.

CREATE TABLE users (
    -- AUTOINCREMENT: an id that was deleted is never given out again.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL UNIQUE CHECK (length(username) BETWEEN 3 AND 50),
    email TEXT NOT NULL CHECK (length(email) <= 100),
    hashed_password TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX users_by_email ON users (lower(email));

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);

-- Tokens are kept as SHA-256 hashes. A used one stays, so that showing it again can be told from a
-- token that never was.
CREATE TABLE refresh_tokens (
    token_hash BLOB PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
