-- Keys with which other programs call on an account's behalf. A revoked key has no row.

CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- The first characters of the secret, by which a key is looked up.
    prefix TEXT NOT NULL UNIQUE,
    -- SHA-256 of the secret.
    secret_hash BLOB NOT NULL,
    -- Words with a space between them: read practise grade.
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER
) STRICT;

CREATE INDEX api_keys_by_user ON api_keys (user_id);
