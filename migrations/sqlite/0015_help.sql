-- Help with questions: how many hints were given, and when the answer was shown to somebody who had none.

ALTER TABLE questions ADD COLUMN hints_given INTEGER NOT NULL DEFAULT 0;
ALTER TABLE questions ADD COLUMN shown_at INTEGER;
-- The orders of the questions whose answers were shown: what is answered to them later counts in no mean.
ALTER TABLE interviews ADD COLUMN shown TEXT NOT NULL DEFAULT '[]';
