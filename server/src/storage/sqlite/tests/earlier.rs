//! Turns a database of this version into one of an earlier version.

/// Undoes the migrations from 13 on.
pub(super) const FROM_13: [&str; 18] = [
    "DROP TABLE challenges; DROP TABLE self_assessments",
    "DROP TABLE memory_reviews",
    "DROP TABLE memory_points",
    "DROP INDEX evaluations_to_remember",
    "ALTER TABLE evaluations DROP COLUMN remembered",
    "ALTER TABLE users DROP COLUMN memory_revision",
    "ALTER TABLE users DROP COLUMN time_zone",
    "DROP INDEX interviews_by_user",
    "ALTER TABLE sessions DROP COLUMN client",
    "ALTER TABLE questions DROP COLUMN place",
    "ALTER TABLE questions DROP COLUMN hints_given",
    "ALTER TABLE questions DROP COLUMN shown_at",
    "ALTER TABLE interviews DROP COLUMN shown",
    "ALTER TABLE interviews DROP COLUMN question_count",
    "ALTER TABLE interviews DROP COLUMN progress",
    "ALTER TABLE interviews DROP COLUMN mode; ALTER TABLE interviews DROP COLUMN minutes",
    "ALTER TABLE interviews DROP COLUMN question_minutes; ALTER TABLE interviews DROP COLUMN ends_at",
    "ALTER TABLE interviews DROP COLUMN ended_at; ALTER TABLE interviews DROP COLUMN answered_at",
];
