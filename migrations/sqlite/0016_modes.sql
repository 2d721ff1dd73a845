-- Real mode: an interview under a clock, without feedback until its end. Earlier interviews, and those of
-- older processes, are held in study mode.

ALTER TABLE interviews ADD COLUMN mode TEXT NOT NULL DEFAULT 'study' CHECK (mode IN ('study', 'real'));
-- The limits; 0: none.
ALTER TABLE interviews ADD COLUMN minutes INTEGER NOT NULL DEFAULT 0 CHECK (minutes >= 0);
ALTER TABLE interviews ADD COLUMN question_minutes INTEGER NOT NULL DEFAULT 0 CHECK (question_minutes >= 0);
-- Only in real mode: when the time is up, and when the interview ended before that.
ALTER TABLE interviews ADD COLUMN ends_at INTEGER;
ALTER TABLE interviews ADD COLUMN ended_at INTEGER;
-- When the latest answer came.
ALTER TABLE interviews ADD COLUMN answered_at INTEGER;
