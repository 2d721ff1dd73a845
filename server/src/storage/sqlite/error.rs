//! SQLite's errors in the store's terms.

use crate::storage::StoreError;

/// Primary result codes for "another connection holds the lock": SQLITE_BUSY, SQLITE_LOCKED, and
/// SQLITE_PROTOCOL, which a reader gets if it cannot get past a lock on the log.
const LOCKED: [i32; 3] = [5, 6, 15];

/// Primary result codes of a file that cannot be used: READONLY, IOERR, CORRUPT, FULL, CANTOPEN,
/// NOTADB.
const UNUSABLE: [i32; 6] = [8, 10, 11, 13, 14, 26];

/// The store's error for an error of the driver.
pub(super) fn from_sqlx(error: sqlx::Error) -> StoreError {
    let text = error.to_string();
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Timeout(text),
        sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => {
            StoreError::Unavailable(text)
        }
        // Rows that refer directly to an account refer to nothing else that can be deleted.
        sqlx::Error::Database(cause) if cause.is_foreign_key_violation() => {
            StoreError::AccountGone(text)
        }
        sqlx::Error::Database(cause) => match primary_code(cause.code().as_deref()) {
            Some(code) if LOCKED.contains(&code) => StoreError::Timeout(text),
            Some(code) if UNUSABLE.contains(&code) => StoreError::Unavailable(text),
            _ => StoreError::Internal(text),
        },
        _ => StoreError::Internal(text),
    }
}

/// The low byte of an extended result code.
fn primary_code(code: Option<&str>) -> Option<i32> {
    code?.parse::<i32>().ok().map(|code| code & 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extended_code_counts_as_its_primary_one() {
        assert_eq!(primary_code(Some("517")), Some(5)); // SQLITE_BUSY_SNAPSHOT
        assert_eq!(primary_code(Some("1555")), Some(19)); // a primary key that exists
        assert_eq!(primary_code(None), None);
    }

    #[test]
    fn a_closed_pool_is_an_unavailable_database() {
        assert!(matches!(from_sqlx(sqlx::Error::PoolClosed), StoreError::Unavailable(_)));
    }
}
