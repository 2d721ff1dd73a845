//! The address of a PostgreSQL database, which may contain a password.

use std::{fmt, str::FromStr};

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgConnectOptions;

/// A valid `postgres://` address. When it is printed, its password is masked.
#[derive(Clone)]
pub struct PostgresUrl(SecretString);

impl PostgresUrl {
    /// The settings that an address can have after its `?`. The driver also knows other spellings.
    pub const SETTINGS: [&str; 11] = [
        "sslmode",
        "sslrootcert",
        "sslcert",
        "sslkey",
        "host",
        "port",
        "dbname",
        "user",
        "password",
        "application_name",
        "options",
    ];

    /// Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=...`. Returns `None` if it is not such
    /// an address, if a password that is not escaped splits it in the wrong place, or if it has a setting
    /// that the driver would ignore: a misspelt `sslmode` would connect without the protection it asks for.
    pub fn parse(url: &str) -> Option<Self> {
        let known = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        let is_whole = known && !is_torn(url) && is_escaped(url) && settings(url).all(is_known);
        let reads = is_whole && PgConnectOptions::from_str(url).is_ok();
        reads.then(|| Self(url.into()))
    }

    /// Names the first setting that the driver would ignore. Returns `None` if it knows them all, or if the
    /// name could be part of a password.
    pub fn unknown_setting(url: &str) -> Option<&str> {
        let is_postgres = url.starts_with("postgres") && !is_torn(url);
        let unknown = settings(url).filter(|setting| is_postgres && !is_known(setting));
        let name =
            unknown.filter_map(|setting| setting.split_once('=')).map(|(name, _)| name).next()?;
        let is_plain = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-');
        name.bytes().all(is_plain).then_some(name)
    }

    /// How to connect. What the address leaves out comes from PGHOST, PGPASSWORD and the like, and from
    /// ~/.pgpass, as in PostgreSQL's own programs.
    pub(super) fn options(&self) -> Result<PgConnectOptions, sqlx::Error> {
        let url = self.0.expose_secret();
        let options = PgConnectOptions::from_str(url)?;
        let sets_cache = url.split_once('?').is_some_and(|(_, rest)| rest.contains(CACHE));
        Ok(if sets_cache { options } else { options.statement_cache_capacity(STATEMENTS) })
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

/// How many statements a connection keeps prepared, unless the address says. Viva has more than the
/// driver's default of a hundred, and a statement that was dropped costs its next call another round
/// trip.
const STATEMENTS: usize = 300;

/// The setting of an address for this.
const CACHE: &str = "statement-cache-capacity=";

/// The settings that the driver knows, except `options[...]`.
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

/// Whether there is an `@`, which ends the user's part, in what the driver would take for a path or an
/// unknown setting. Then a password was not escaped, and the rest of it would be printed as a place.
fn is_torn(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let after = rest.find(['/', '?', '#', '\\']).map_or("", |end| &rest[end..]);
    let (path, query) = after.split_once('?').unwrap_or((after, ""));
    path.contains('@') || query.split('&').any(|one| one.contains('@') && !is_known(one))
}

/// The settings after the `?`.
fn settings(url: &str) -> impl Iterator<Item = &str> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    query.split('&').filter(|setting| !setting.is_empty())
}

/// Whether every `%` begins an escape. The driver takes any other for itself, which may not be meant.
fn is_escaped(url: &str) -> bool {
    url.split('%')
        .skip(1)
        .all(|after| after.len() >= 2 && after.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

/// The address with everything masked that may be a password.
fn masked(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((name, _)) if is_name(name) => format!("{name}:***@{host}"),
            None if is_name(user) => authority.to_owned(),
            _ => format!("***@{host}"),
        },
        None => authority.to_owned(),
    };
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let settings: Vec<String> = query.split('&').map(masked_setting).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{scheme}://{authority}{path}{mark}{}", settings.join("&"))
}

/// Whether this is certainly a user's name, and not a password in its place.
fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.%".contains(&byte))
}

/// The setting, masked unless it is known to contain no secret.
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
    fn a_password_is_never_shown() {
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
        assert_eq!(masked("postgres://viva hunter2@db/viva"), "postgres://***@db/viva");
        assert_eq!(masked("postgres://viva hunter:2@db/viva"), "postgres://***@db/viva");
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
    fn a_setting_that_would_have_no_effect_is_refused_and_named_unless_it_may_be_a_secret() {
        for (query, named) in [
            ("sslmod=verify-full", Some("sslmod")),
            ("sslmode=require&channel_binding=require", Some("channel_binding")),
            ("ssl_mode=require", Some("ssl_mode")),
            ("passwrod=hunter2", Some("passwrod")),
            ("SSLMODE=require", Some("SSLMODE")),
            ("hunter2", None),
            ("12=hunter2", None),
        ] {
            let url = format!("postgres://viva:x@db.example/viva?{query}");
            assert!(PostgresUrl::parse(&url).is_none(), "{url}");
            assert_eq!(PostgresUrl::unknown_setting(&url), named, "{url}");
        }
        for setting in PostgresUrl::SETTINGS {
            assert!(KNOWN.contains(&setting), "{setting}");
        }
    }

    #[test]
    fn a_percent_sign_that_escapes_nothing_is_refused() {
        for url in
            ["postgres://viva:50%@db/viva", "postgres://viva:%zz@db/viva", "postgres://db/v%2"]
        {
            assert!(PostgresUrl::parse(url).is_none(), "{url}");
        }
    }

    #[test]
    fn what_is_not_the_address_of_a_database_is_refused() {
        for url in ["mysql://x", "postgres", "postgres://host:port/x", "sqlite:viva.db", ""] {
            assert!(PostgresUrl::parse(url).is_none(), "{url}");
        }
    }
}
