//! The address of a PostgreSQL database, which may hold a password.

use std::{fmt, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;

/// A `postgres://` address that can be read. Shown, its password is masked.
#[derive(Clone)]
pub struct PostgresUrl(SecretString);

impl PostgresUrl {
    /// Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=...`; none where it is none.
    pub fn parse(url: &str) -> Option<Self> {
        let known = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        (known && PgConnectOptions::from_str(url).is_ok()).then(|| Self(url.into()))
    }

    /// How to connect. What the address leaves out comes from PGHOST, PGPASSWORD and the others,
    /// and from ~/.pgpass, as PostgreSQL's own programs have it.
    pub(super) fn options(&self) -> Result<PgConnectOptions, sqlx::Error> {
        PgConnectOptions::from_str(self.0.expose_secret())
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(self.0.expose_secret()))
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The address with every place that a password can stand in masked.
fn masked(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((name, _)) => format!("{name}:***@{host}"),
            None => authority.to_owned(),
        },
        None => authority.to_owned(),
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let settings: Vec<String> = query.split('&').map(masked_setting).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{authority}{path}{mark}{}", settings.join("&"))
}

/// Only settings that are known to hold no secret are shown.
fn masked_setting(setting: &str) -> String {
    const SHOWN: [&str; 8] = [
        "sslmode",
        "sslrootcert",
        "host",
        "port",
        "dbname",
        "user",
        "application_name",
        "options[search_path]",
    ];
    match setting.split_once('=') {
        Some((name, _)) if !SHOWN.contains(&name) => format!("{name}=***"),
        _ => setting.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_shown_nowhere() {
        for url in [
            "postgres://viva:hunter2@db.example/viva",
            "postgres://viva:hun%2Fter2hunter2@db.example:5433/viva?sslmode=require",
            "postgresql://viva:p@hunter2@db.example/viva",
            "postgres://db.example/viva?user=viva&password=hunter2&sslmode=disable",
            "postgres:///viva?host=/run/postgresql&password=hunter2#hunter",
        ] {
            let read = PostgresUrl::parse(url).unwrap();
            for shown in [read.to_string(), format!("{read:?}")] {
                assert!(!shown.contains("hunter2"), "{shown}");
                assert!(shown.contains("/viva") && shown.contains("***"), "{shown}");
            }
        }
        let shown = masked("postgres://viva:x@db.example:5433/viva?sslmode=require");
        assert_eq!(shown, "postgres://viva:***@db.example:5433/viva?sslmode=require");
        assert_eq!(masked("postgres://viva@db.example/viva"), "postgres://viva@db.example/viva");
    }

    #[test]
    fn what_is_no_address_of_a_database_is_refused() {
        for url in ["mysql://x", "postgres", "postgres://host:port/x", "sqlite:viva.db", ""] {
            assert!(PostgresUrl::parse(url).is_none(), "{url}");
        }
    }
}
