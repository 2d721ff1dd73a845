//! The names of all settings, and what to say about an unknown one.

use std::ffi::OsString;

/// The names that a settings file may contain, in lower case: those of every program, so that one
/// file can serve all of them.
const NAMES: [&str; 53] = [
    "VIVA_LISTEN",
    "VIVA_METRICS_LISTEN",
    "VIVA_DATA_DIR",
    "VIVA_BANK_DIR",
    "VIVA_SERVER",
    "VIVA_THEME",
    "VIVA_COLOR",
    "VIVA_NOTIFICATIONS",
    "VIVA_BELL",
    "VIVA_KEYS",
    "VIVA_MOUSE",
    "VIVA_EDITOR",
    "VIVA_LOCAL_MODEL_PORTS",
    "VIVA_WEB_LISTEN",
    "VIVA_WEB_HOSTS",
    "VIVA_WEB_SPEECH",
    "VIVA_CA_FILE",
    "VIVA_PLAINTEXT",
    "CORS_ORIGINS",
    "TLS_CERT_FILE",
    "TLS_KEY_FILE",
    "TLS_CLIENT_CA_FILE",
    "TLS_CLIENT_CERTIFICATES",
    "UPSTREAM_CLIENT_CERT_FILE",
    "UPSTREAM_CLIENT_KEY_FILE",
    "PLAINTEXT",
    "REFLECTION",
    "DATABASE_URL",
    "DATABASE_POOL_SIZE",
    "DATABASE_TIMEOUT_SECONDS",
    "SECRET_KEY",
    "SECRET_KEY_PREVIOUS",
    "ACCESS_TOKEN_EXPIRE_MINUTES",
    "REFRESH_TOKEN_EXPIRE_DAYS",
    "REGISTRATION",
    "REGISTRATIONS_PER_MINUTE_ADDRESS",
    "REQUESTS_PER_MINUTE_ADDRESS",
    "REQUESTS_PER_MINUTE_USER",
    "TRUSTED_PROXIES",
    "EVALUATION_LEASE_SECONDS",
    "LLM_API_URL",
    "LLM_API_KEY",
    "LLM_MODEL",
    "LLM_TIMEOUT_SECONDS",
    "LLM_CONCURRENCY",
    "LLM_MAX_ATTEMPTS",
    "LLM_REQUESTS_PER_MINUTE",
    "LLM_CALLS_PER_INTERVIEW",
    "LLM_CALLS_PER_USER_AND_DAY",
    "LLM_CALLS_PER_DAY",
    "RUST_LOG",
    "LOG_FORMAT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
];

/// Settings that are only read from the environment: a file is shared too easily for a key, and it
/// cannot name itself.
const ENVIRONMENT: [&str; 2] = ["VIVA_API_KEY", "VIVA_CONFIG"];

/// The most typing errors with which a variable still counts as a misspelt setting. With three,
/// VIVA_PORT, which Kubernetes sets, could count as a misspelt VIVA_COLOR.
const SLIPS: usize = 2;

/// Says what is wrong with a key in a settings file and how to fix it; `None` if it is a setting.
pub fn unknown(key: &str, value: &toml::Value) -> Option<String> {
    let names = NAMES.map(str::to_lowercase);
    if names.iter().any(|name| name == key) {
        return None;
    }
    let wanted = key.to_lowercase().replace('-', "_");
    if let Some(name) = ENVIRONMENT.iter().find(|name| name.to_lowercase() == wanted) {
        return Some(format!("{name} is read only from the environment"));
    }
    if let toml::Value::Table(section) = value {
        let mut inner = section.keys().map(|inner| format!("{wanted}_{inner}").to_lowercase());
        let meant = inner.find(|name| names.contains(name));
        let example = meant.unwrap_or_else(|| "viva_theme".to_owned());
        return Some(format!(
            "settings have no sections: write {example} = ... at the top of the file"
        ));
    }
    Some(match near(&wanted, &names).as_slice() {
        [] => format!("no setting has a similar name; all settings: {}", names.join(", ")),
        [name] => format!("the nearest is {name}"),
        several => format!("the nearest are {}", several.join(", ")),
    })
}

/// What a value in a settings file is, if it is not the single value that every setting has.
pub fn misshapen(value: &toml::Value) -> Option<&'static str> {
    match value {
        toml::Value::Array(_) => Some("a list"),
        toml::Value::Table(_) => Some("a section"),
        toml::Value::Datetime(_) => Some("a date"),
        _ => None,
    }
}

/// Whether a path begins with `~`, which only a shell expands: a program would create a folder with that name in
/// its working directory.
pub fn begins_with_tilde(path: &str) -> bool {
    path == "~" || path.starts_with("~/")
}

/// The names that were probably meant: the closest one, if it differs in at most a third of the letters;
/// otherwise all that have every word of `wanted`.
fn near<'a>(wanted: &str, names: &'a [String]) -> Vec<&'a str> {
    let names = || names.iter().map(String::as_str);
    let distance = |name: &&str| strsim::osa_distance(name, wanted);
    let misspelt = names().min_by_key(distance);
    if let Some(name) = misspelt.filter(|name| distance(name) <= wanted.chars().count() / 3) {
        return vec![name];
    }
    let has_words = |name: &&str| wanted.split('_').all(|word| name.split('_').any(|w| w == word));
    names().filter(has_words).collect()
}

/// A warning for each environment variable that looks like a misspelt setting. It is not an error:
/// other programs may use the variable.
pub fn misspelt(variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<String> {
    let warning = |(variable, _): (OsString, OsString)| {
        let variable = variable.to_string_lossy();
        if NAMES.iter().chain(&ENVIRONMENT).any(|name| *name == variable) {
            return None;
        }
        let wanted = variable.to_uppercase();
        let distance = |name: &&&str| strsim::osa_distance(name, &wanted);
        let near = NAMES.iter().chain(&ENVIRONMENT).min_by_key(distance)?;
        // SSL_CERT_FILE is a setting of many programs, not a misspelt TLS_CERT_FILE.
        let first = |name: &str| name.split('_').next().unwrap_or_default().to_owned();
        let is_family = strsim::osa_distance(&first(near), &first(&wanted)) <= 1;
        (is_family && distance(&near) <= SLIPS)
            .then(|| format!("{variable} is set, but is not a setting; did you mean {near}?"))
    };
    variables.filter_map(warning).collect()
}

/// Returns the settings in the environment whose bytes are not text. A program passes them on with
/// U+FFFD for the invalid bytes, so that none is silently ignored or misread.
pub fn unreadable(get: &dyn Fn(&str) -> Option<String>) -> impl Iterator<Item = &'static str> {
    let all = NAMES.into_iter().chain(ENVIRONMENT);
    all.filter(move |name| get(name).is_some_and(|text| is_unreadable(&text)))
}

/// Whether a variable's bytes were not text.
pub fn is_unreadable(text: &str) -> bool {
    text.contains(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_reported_with_the_nearest_setting_if_one_is_near() {
        for (key, told) in [
            ("viva_teme", "the nearest is viva_theme"),
            ("LLM_API_KEY", "the nearest is llm_api_key"),
            ("llm-api-key", "the nearest is llm_api_key"),
            ("llm_key", "the nearest is llm_api_key"),
            ("api_key", "the nearest is llm_api_key"),
            ("theme", "the nearest is viva_theme"),
            (
                "database",
                "the nearest are database_url, database_pool_size, database_timeout_seconds",
            ),
            ("key_file", "the nearest are tls_key_file, upstream_client_key_file"),
            ("database_ulr", "the nearest is database_url"),
            ("hush", "no setting has a similar name; all settings: viva_listen, "),
            ("port", "no setting has a similar name; all settings: "),
            ("editor", "the nearest is viva_editor"),
            ("x", "no setting has a similar name; all settings: "),
            ("", "no setting has a similar name; all settings: "),
            ("Ωμέγα", "no setting has a similar name; all settings: "),
            ("viva_api_key", "VIVA_API_KEY is read only from the environment"),
            ("viva_config", "VIVA_CONFIG is read only from the environment"),
        ] {
            let said = unknown(key, &true.into()).unwrap();
            assert!(said.starts_with(told), "{key}: {said}");
        }
        assert_eq!(unknown("llm_api_key", &true.into()), None);
    }

    #[test]
    fn misspelt_variables_are_reported_but_not_those_of_other_programs() {
        let told = |name: &str| misspelt([(name.into(), OsString::new())].into_iter()).pop();
        for (name, meant) in [
            ("LLM_MODLE", "LLM_MODEL"),
            ("LLM_API_KEYS", "LLM_API_KEY"),
            ("VIVA_SERVERS", "VIVA_SERVER"),
            ("DATABASE_ULR", "DATABASE_URL"),
            ("llm_model", "LLM_MODEL"),
        ] {
            let warning = format!("{name} is set, but is not a setting; did you mean {meant}?");
            assert_eq!(told(name), Some(warning));
        }
        let others = [
            "PATH",
            "HOME",
            "VIVA_PORT",
            "VIVA_SERVER_PORT",
            "VIVA_SERVICE_HOST",
            "TERM",
            "SSL_CERT_FILE",
        ];
        for name in NAMES.into_iter().chain(ENVIRONMENT).chain(others) {
            assert_eq!(told(name), None);
        }
    }

    #[test]
    fn a_path_that_begins_with_a_tilde_is_recognised() {
        for (path, is_one) in [
            ("~", true),
            ("~/viva", true),
            ("/home/ada", false),
            ("viva~", false),
            ("./~/a", false),
        ] {
            assert_eq!(begins_with_tilde(path), is_one, "{path}");
        }
    }

    #[test]
    fn a_section_is_reported_with_how_to_write_it() {
        let section = |text: &str| toml::Value::Table(text.parse().unwrap());
        let said = unknown("llm", &section("api_key = 1")).unwrap();
        assert_eq!(
            said,
            "settings have no sections: write llm_api_key = ... at the top of the file"
        );
        let said = unknown("server", &section("port = 1")).unwrap();
        assert!(said.starts_with("settings have no sections: write viva_theme"), "{said}");
    }

    #[test]
    fn every_variable_that_is_not_text_is_named() {
        let get =
            |name: &str| ["VIVA_THEME", "VIVA_API_KEY"].contains(&name).then(|| "a\u{fffd}".into());
        assert_eq!(unreadable(&get).collect::<Vec<_>>(), ["VIVA_THEME", "VIVA_API_KEY"]);
    }
}
