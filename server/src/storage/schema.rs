//! Whether the migrations that a database says it has had are ours. The same for both databases.

use sqlx::migrate::{Migration, MigrationType, Migrator};

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

/// Brings a database up to date.
pub(super) fn migrator(steps: &[Step]) -> Migrator {
    let migration = |(number, name, sql): &Step| {
        let sql = sqlx::SqlStr::from_static(sql);
        Migration::new(*number, (*name).into(), MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(steps.iter().map(migration).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 2] = [(1, "accounts", ""), (2, "interviews", "")];

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
