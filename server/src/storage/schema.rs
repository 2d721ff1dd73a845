//! Whether the migrations that a database says it has had are ours. The same for both databases.
//!
//! A migration is known by its text, whatever line ends the checkout has that this program was built from:
//! programs built on different systems open the same databases.

use sha2::{Digest as _, Sha384};
use sqlx::{
    AssertSqlSafe, SqlSafeStr as _,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

/// A migration: its number, its name and its SQL.
pub(super) type Step = (i64, &'static str, &'static str);

/// What the migrations of a database tell about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
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

/// Judges the numbers and names that a database gives, in their order.
pub(super) fn judge(steps: &[Step], applied: &[(i64, String)]) -> Verdict {
    let alike = |(theirs, ours): (&(i64, String), &Step)| theirs.0 == ours.0 && theirs.1 == ours.1;
    // Another program may keep its migrations in a table of the same name.
    if !applied.iter().zip(steps).all(alike) {
        return Verdict::Foreign;
    }
    let known = newest(steps);
    match applied.last() {
        Some((found, _)) if *found > known => Verdict::Newer { found: *found, known },
        _ => Verdict::Ours,
    }
}

/// The newest number there is.
pub(super) fn newest(steps: &[Step]) -> i64 {
    steps.last().map_or(0, |(number, _, _)| *number)
}

/// A migration's number, and the checksum of its text that a database has.
pub(super) type Sum = (i64, Vec<u8>);

/// Brings a database up to date that has these checksums.
pub(super) fn migrator(steps: &[Step], kept: &[Sum]) -> Migrator {
    let migration = |(number, name, sql): &Step| {
        let text = with_line_feeds(sql);
        let sql = AssertSqlSafe(text.clone()).into_sql_str();
        let own = Migration::new(*number, (*name).into(), MigrationType::Simple, sql, false);
        // Programs of before, where they were built from such a checkout, kept this one.
        let other = Sha384::digest(text.replace('\n', "\r\n")).to_vec();
        let has_other = kept.contains(&(*number, other.clone()));
        if has_other { Migration { checksum: other.into(), ..own } } else { own }
    };
    Migrator::with_migrations(steps.iter().map(migration).collect())
}

/// The text with a line feed at the end of each line, the last one too, and without a byte order mark.
fn with_line_feeds(sql: &str) -> String {
    let sql = sql.strip_prefix('\u{feff}').unwrap_or(sql).trim_end();
    sql.lines().flat_map(|line| [line, "\n"]).collect()
}

/// Why a database could not be brought up to date, in words.
pub(super) fn told(error: &MigrateError) -> String {
    match error {
        MigrateError::VersionMismatch(number) => format!(
            "migration {number} of the database is not the one that this program has: one of the \
             two comes from a changed source"
        ),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 2] = [(1, "accounts", ""), (2, "interviews", "")];

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
            judge(&STEPS, &rows)
        };
        assert_eq!(applied(&[]), Verdict::Ours);
        assert_eq!(applied(&[(1, "accounts")]), Verdict::Ours);
        assert_eq!(applied(&[(1, "accounts"), (2, "interviews")]), Verdict::Ours);
        assert_eq!(applied(&[(1, "bookmarks")]), Verdict::Foreign);
        let newer = applied(&[(1, "accounts"), (2, "interviews"), (3, "flying cars")]);
        assert_eq!(newer, Verdict::Newer { found: 3, known: 2 });
    }
}
