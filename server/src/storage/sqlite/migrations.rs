//! The migrations of SQLite databases.

use crate::storage::schema::MigrationSource;

/// The migrations in order. Add a new one at the end, and a file in the folder of each database.
pub(super) const MIGRATIONS: [MigrationSource; 19] = [
    (1, "accounts", include_str!("../../../../migrations/sqlite/0001_accounts.sql")),
    (2, "interviews", include_str!("../../../../migrations/sqlite/0002_interviews.sql")),
    (
        3,
        "evaluated answers",
        include_str!("../../../../migrations/sqlite/0003_evaluated_answers.sql"),
    ),
    (4, "model", include_str!("../../../../migrations/sqlite/0004_model.sql")),
    (5, "line", include_str!("../../../../migrations/sqlite/0005_line.sql")),
    (6, "sign in", include_str!("../../../../migrations/sqlite/0006_sign_in.sql")),
    (7, "api keys", include_str!("../../../../migrations/sqlite/0007_api_keys.sql")),
    (8, "spending", include_str!("../../../../migrations/sqlite/0008_spending.sql")),
    (9, "refusals", include_str!("../../../../migrations/sqlite/0009_refusals.sql")),
    (10, "identity", include_str!("../../../../migrations/sqlite/0010_identity.sql")),
    (11, "question marks", include_str!("../../../../migrations/sqlite/0011_question_marks.sql")),
    (13, "progress", include_str!("../../../../migrations/sqlite/0013_progress.sql")),
    (14, "follow ups", include_str!("../../../../migrations/sqlite/0014_follow_ups.sql")),
    (15, "help", include_str!("../../../../migrations/sqlite/0015_help.sql")),
    (16, "modes", include_str!("../../../../migrations/sqlite/0016_modes.sql")),
    (17, "memory", include_str!("../../../../migrations/sqlite/0017_memory.sql")),
    (18, "session clients", include_str!("../../../../migrations/sqlite/0018_session_clients.sql")),
    (
        19,
        "interviews by user",
        include_str!("../../../../migrations/sqlite/0019_interviews_by_user.sql"),
    ),
    (20, "challenges", include_str!("../../../../migrations/sqlite/0020_challenges.sql")),
];
