-- Names and addresses as they are compared, which is not as they are shown: `Ada` and `ada` are one name.
-- The program works these forms out when it opens the database (storage/sql/identity.rs); until then, and
-- in what an older process writes, they are NULL.
-- Accounts of before may turn out to have one form. They stay apart: the oldest has 0 in `_clash` and each
-- other one its own id, so that no new account gets the form, and none of theirs is lost.
ALTER TABLE users ADD COLUMN username_key TEXT;
ALTER TABLE users ADD COLUMN username_clash INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN email_key TEXT;
ALTER TABLE users ADD COLUMN email_clash INTEGER NOT NULL DEFAULT 0;

CREATE UNIQUE INDEX users_by_username_key ON users (username_key, username_clash);
CREATE UNIQUE INDEX users_by_email_key ON users (email_key, email_clash);
