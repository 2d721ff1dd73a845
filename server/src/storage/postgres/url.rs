//! The address of a PostgreSQL database, which may hold a password.

use std::{fmt, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;

/// A `postgres://` address that can be read. Shown, its password is masked.
#[derive(Clone)]
pub struct PostgresUrl(SecretString);

impl PostgresUrl {
    /// Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=...`; none where it is none, or where
    /// a password with a sign in it that has to be escaped has torn it apart.
    pub fn parse(url: &str) -> Option<Self> {
        let known = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        // A setting that the driver does not know it logs, with its value.
        let url = known_settings_only(url);
        let reads = known && !is_torn(&url) && PgConnectOptions::from_str(&url).is_ok();
        reads.then(|| Self(url.into()))
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

/// Settings that the driver knows, but for `options[...]`.
const KNOWN: [&str; 19] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
    "options[search_path]",
];

fn is_known(setting: &str) -> bool {
    let name = setting.split_once('=').map(|(name, _)| name);
    name.is_some_and(|name| KNOWN.contains(&name) || name.starts_with("options["))
}

/// Whether a sign that ends the user's part stands after it, in what the driver would take for a path or
/// a setting: then a password was not escaped, and what is left of it would be printed as a place.
fn is_torn(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let after = rest.find(['/', '?', '#', '\\']).map_or("", |end| &rest[end..]);
    let (path, query) = after.split_once('?').unwrap_or((after, ""));
    path.contains('@') || query.split('&').any(|one| one.contains('@') && !is_known(one))
}

/// The address without settings that nobody knows. They do nothing; one that is torn stays, to be
/// refused.
fn known_settings_only(url: &str) -> String {
    let Some((start, query)) = url.split_once('?') else { return url.to_owned() };
    let keeps = |setting: &&str| is_known(setting) || setting.contains('@');
    let known: Vec<&str> = query.split('&').filter(keeps).collect();
    let mark = if known.is_empty() { "" } else { "?" };
    format!("{start}{mark}{}", known.join("&"))
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
            "postgres://viva:x@db.example/viva?passwrod=hunter2&hunter2",
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
    fn a_password_that_tears_the_address_apart_is_refused() {
        for url in [
            "postgres://viva:12/hunter2@db.example/viva",
            "postgres://viva:12?hunter2@db.example/viva",
            "postgres://viva:12?x=hunter2@db.example/viva",
            "postgres://viva:12#hunter2@db.example/viva",
            "postgres://viva:p@12/hunter2@db.example/viva",
        ] {
            assert!(PostgresUrl::parse(url).is_none(), "{url}");
        }
        let right = "postgres://viva%40x:a%40b%2Fc@db.example/viva?user=viva@tenant&password=p@q";
        assert!(PostgresUrl::parse(right).is_some());
    }

    #[test]
    fn what_is_no_address_of_a_database_is_refused() {
        for url in ["mysql://x", "postgres", "postgres://host:port/x", "sqlite:viva.db", ""] {
            assert!(PostgresUrl::parse(url).is_none(), "{url}");
        }
    }
}
