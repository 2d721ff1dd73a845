-- Where a follow-up stands: the place of its question, and seven digits of its own. The place of a question
-- that follows none is 1000000 plus its order, so it needs no column.

ALTER TABLE questions ADD COLUMN place TEXT;
