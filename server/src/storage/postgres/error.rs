//! PostgreSQL's errors in the store's terms.

use crate::storage::StoreError;

/// The beginnings of the codes for what took too long: query_canceled, by our statement_timeout;
/// lock_not_available, by our lock_timeout; and the end of an idle transaction or session.
const TIMEOUTS: [&str; 4] = ["57014", "55P03", "25P03", "57P05"];

/// The beginnings of the codes for what passes, or what its operator must fix: broken connections;
/// logins and databases that no longer exist; out of disk, memory or connections; disk errors; a
/// server that is stopping, has crashed or is starting; one that has become a standby; deadlocks and
/// failed serialization, after which nothing is written.
const UNAVAILABLE: [&str; 11] =
    ["08", "28", "3D", "53", "58", "57P01", "57P02", "57P03", "25006", "40P01", "40001"];

/// foreign_key_violation. Rows that refer directly to an account refer to nothing else that can be
/// deleted.
const ACCOUNT_GONE: &str = "23503";

/// The store's error for an error of the driver.
pub(super) fn from_sqlx(error: sqlx::Error) -> StoreError {
    let text = error.to_string();
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        // What the driver reports if a connection is cut while it is opened or used.
        | sqlx::Error::Protocol(_)
        | sqlx::Error::BeginFailed
        | sqlx::Error::WorkerCrashed => StoreError::Unavailable(text),
        sqlx::Error::Database(cause) => from_code(cause.code().as_deref().unwrap_or(""), text),
        _ => StoreError::Internal(text),
    }
}

/// The store's error for an SQLSTATE.
fn from_code(code: &str, text: String) -> StoreError {
    let begins = |beginning: &&str| code.starts_with(*beginning);
    if TIMEOUTS.iter().any(begins) {
        StoreError::Timeout(text)
    } else if UNAVAILABLE.iter().any(begins) {
        StoreError::Unavailable(text)
    } else if code == ACCOUNT_GONE {
        StoreError::AccountGone(text)
    } else {
        StoreError::Internal(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_says_whether_to_wait_to_try_again_or_to_look_for_a_fault() {
        let means = |code| match from_code(code, String::new()) {
            StoreError::Unavailable(_) => "unavailable",
            StoreError::Timeout(_) => "timeout",
            StoreError::AccountGone(_) => "account gone",
            StoreError::Internal(_) => "internal",
        };
        for code in ["57P01", "57P02", "57P03", "08006", "53300", "53100", "40P01", "58030"] {
            assert_eq!(means(code), "unavailable", "{code}");
        }
        for code in ["57014", "55P03"] {
            assert_eq!(means(code), "timeout", "{code}");
        }
        assert_eq!(means("23503"), "account gone");
        for code in ["42601", "23505", "22021", ""] {
            assert_eq!(means(code), "internal", "{code}");
        }
    }

    #[test]
    fn no_connection_in_time_is_an_unavailable_database() {
        let cut = sqlx::Error::Protocol("unexpected response from SSLRequest: 0x00".into());
        for error in [sqlx::Error::PoolTimedOut, sqlx::Error::PoolClosed, cut] {
            assert!(matches!(from_sqlx(error), StoreError::Unavailable(_)));
        }
    }
}
