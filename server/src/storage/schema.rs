//! Checks whether the migrations that a database records are ours; the same code for both databases.
//!
//! A migration is identified by its text, regardless of the line ends in the checkout from which this
//! program was built: programs built on different systems open the same databases.

use sha2::{Digest as _, Sha384};
use sqlx::{
    AssertSqlSafe, SqlSafeStr as _,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

/// A migration: its number, its name and its SQL.
pub(super) type MigrationSource = (i64, &'static str, &'static str);

/// What a database's migrations say about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SchemaState {
    /// It is ours, of this version or an older one.
    Ours,
    /// Another program made it.
    Foreign,
    /// A newer version of this program made it.
    Newer {
        /// The number of its last migration.
        found: i64,
        /// The newest number that this program knows.
        known: i64,
    },
}

/// Judges the numbers and names that a database records, in order.
pub(super) fn schema_state(
    migrations: &[MigrationSource],
    applied: &[(i64, String)],
) -> SchemaState {
    let alike = |(theirs, ours): (&(i64, String), &MigrationSource)| {
        theirs.0 == ours.0 && theirs.1 == ours.1
    };
    // Another program may keep its migrations in a table of the same name.
    if !applied.iter().zip(migrations).all(alike) {
        return SchemaState::Foreign;
    }
    let known = newest(migrations);
    match applied.last() {
        Some((found, _)) if *found > known => SchemaState::Newer { found: *found, known },
        _ => SchemaState::Ours,
    }
}

/// The number of the newest migration.
pub(super) fn newest(migrations: &[MigrationSource]) -> i64 {
    migrations.last().map_or(0, |(number, _, _)| *number)
}

/// A migration's number, and the checksum of its text that the database has.
pub(super) type MigrationChecksum = (i64, Vec<u8>);

/// A migrator for a database that has these checksums.
pub(super) fn migrator(migrations: &[MigrationSource], kept: &[MigrationChecksum]) -> Migrator {
    let migration = |(number, name, sql): &MigrationSource| {
        let text = with_line_feeds(sql);
        let sql = AssertSqlSafe(text.clone()).into_sql_str();
        let own = Migration::new(*number, (*name).into(), MigrationType::Simple, sql, false);
        // Earlier programs that were built from a checkout with CRLF stored this checksum.
        let other = Sha384::digest(text.replace('\n', "\r\n")).to_vec();
        let has_other = kept.contains(&(*number, other.clone()));
        if has_other { Migration { checksum: other.into(), ..own } } else { own }
    };
    Migrator::with_migrations(migrations.iter().map(migration).collect())
}

/// The text with a line feed at the end of each line, the last one too, and without a byte order mark.
fn with_line_feeds(sql: &str) -> String {
    let sql = sql.strip_prefix('\u{feff}').unwrap_or(sql).trim_end();
    sql.lines().flat_map(|line| [line, "\n"]).collect()
}

/// Why a database could not be brought up to date, in words for a person.
pub(super) fn explain(error: &MigrateError) -> String {
    match error {
        MigrateError::VersionMismatch(number) => format!(
            "migration {number} of the database is not the one that this program has: one of the \
             two comes from a changed source"
        ),
        MigrateError::ExecuteMigration(cause, number) => format!(
            "migration {number} failed ({cause}): the database is not as Viva left it. It is as it was before this \
             migration; put a backup in its place, or move it away"
        ),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIGRATIONS: [MigrationSource; 2] = [(1, "accounts", ""), (2, "interviews", "")];

    #[test]
    fn a_text_is_the_same_whatever_its_line_ends_are() {
        let kept = "-- A table.\nCREATE TABLE t (\n    id BIGINT\n);\n";
        let crlf = kept.replace('\n', "\r\n");
        let bare = kept.trim_end();
        let marked = format!("\u{feff}{crlf}");
        for other in [kept, crlf.as_str(), bare, marked.as_str()] {
            assert_eq!(with_line_feeds(other), kept, "{other:?}");
        }
    }

    #[test]
    fn a_database_is_judged_by_the_numbers_and_names_of_its_migrations() {
        let applied = |rows: &[(i64, &str)]| {
            let rows: Vec<_> = rows.iter().map(|(n, name)| (*n, (*name).to_owned())).collect();
            schema_state(&MIGRATIONS, &rows)
        };
        assert_eq!(applied(&[]), SchemaState::Ours);
        assert_eq!(applied(&[(1, "accounts")]), SchemaState::Ours);
        assert_eq!(applied(&[(1, "accounts"), (2, "interviews")]), SchemaState::Ours);
        assert_eq!(applied(&[(1, "bookmarks")]), SchemaState::Foreign);
        let newer = applied(&[(1, "accounts"), (2, "interviews"), (3, "flying cars")]);
        assert_eq!(newer, SchemaState::Newer { found: 3, known: 2 });
    }
}
