//! How settings are resolved, and how they are printed.

use std::collections::HashMap;

use super::*;
use crate::domain::throttle::SignInRates;

fn load(environment: &[(&str, &str)], file: Option<&str>) -> Result<Config, ConfigErrors> {
    let map: HashMap<_, _> = environment.iter().copied().collect();
    let get = |name: &str| match name {
        "HOME" => Some("/home/ada".to_owned()),
        _ => map.get(name).map(|value| (*value).to_owned()),
    };
    Config::load(get, file)
}

#[test]
fn without_settings_everything_has_its_default() {
    let config = load(&[], None).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:50051");
    let DatabaseLocation::Sqlite(file) = &config.database.place else { panic!() };
    assert_eq!(*file, PathBuf::from("/home/ada/.local/share/viva/viva.db"));
    assert_eq!(config.database.timeout, Duration::from_secs(5));
    assert_eq!(config.auth.access_lifetime, Duration::from_mins(30));
    assert_eq!(config.evaluation.lease, Duration::from_secs(90));
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
    let file = "access_token_expire_minutes = 5\nlog_format = \"json\"";
    let config = load(&[("ACCESS_TOKEN_EXPIRE_MINUTES", "7")], Some(file)).unwrap();
    assert_eq!(config.auth.access_lifetime, Duration::from_mins(7));
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn a_folder_of_bank_files_is_set_the_same_way_for_every_program() {
    assert_eq!(load(&[], None).unwrap().bank_dir, None);
    let config = load(&[], Some("viva_bank_dir = \"/srv/bank\"")).unwrap();
    assert_eq!(config.bank_dir, Some(PathBuf::from("/srv/bank")));
    let config = load(&[("VIVA_BANK_DIR", "here")], Some("viva_bank_dir = \"/srv/bank\"")).unwrap();
    assert_eq!(config.bank_dir, Some(PathBuf::from("here")));
    assert!(config.to_string().contains("VIVA_BANK_DIR = here\n"));
}

#[test]
fn options_are_not_part_of_a_database_files_name() {
    let text = load(&[("DATABASE_URL", "sqlite:viva.db?mode=rwc")], None).unwrap_err().to_string();
    assert!(text.contains("sqlite:PATH without any ?options"), "{text}");
    let config = load(&[("DATABASE_URL", "sqlite:viva.db")], None).unwrap();
    assert_eq!(config.database.place.to_string(), "sqlite:viva.db");
}

#[test]
fn every_bad_value_is_named_with_what_is_right() {
    let bad = [
        ("VIVA_LISTEN", "here"),
        ("DATABASE_URL", "mysql://ada:hunter2@x"),
        ("DATABASE_POOL_SIZE", "1"),
        ("DATABASE_TIMEOUT_SECONDS", "61"),
        ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_PREVIOUS", "hunter2"),
        ("REQUESTS_PER_MINUTE_USER", "-1"),
        ("REGISTRATION", "no"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy"),
        ("LOG_FORMAT", "xml"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4317"),
        ("VIVA_METRICS_LISTEN", "9090"),
    ];
    let text = load(&bad, None).unwrap_err().to_string();
    for part in [
        "VIVA_LISTEN is \"here\"; it must be an address such as 127.0.0.1:50051",
        "DATABASE_URL is not valid; it must be sqlite:PATH without any ?options and without ~, or postgres://USER:PASSWORD@HOST:PORT/DATABASE, with @",
        "DATABASE_POOL_SIZE is \"1\"; it must be a whole number of connections from 2 to 100",
        "DATABASE_TIMEOUT_SECONDS is \"61\"; it must be a whole number of seconds from 1 to 60",
        "ACCESS_TOKEN_EXPIRE_MINUTES is \"0\"; it must be a whole number of minutes from 1 to 1440",
        "SECRET_KEY is not valid; it must be at least 32 bytes",
        "SECRET_KEY_PREVIOUS is not valid; it must be the previous SECRET_KEY, at least 32 bytes",
        "REQUESTS_PER_MINUTE_USER is \"-1\"; it must be a whole number of calls a minute, 0 for no limit, from 0 to",
        "REGISTRATION is \"no\"; it must be open or closed",
        "TRUSTED_PROXIES is \"10.0.0.0/8, proxy\"; it must be addresses or networks such as",
        "LOG_FORMAT is \"xml\"; it must be text or json",
        "OTEL_EXPORTER_OTLP_ENDPOINT is not valid; it must be a collector's address",
        "VIVA_METRICS_LISTEN is \"9090\"; it must be an address such as 127.0.0.1:9090",
    ] {
        assert!(text.contains(part), "{part}\nnot in\n{text}");
    }
    assert!(!text.contains("short") && !text.contains("hunter2"), "no secret is repeated");
}

#[test]
fn limits_have_defaults_and_zero_means_no_limit() {
    let limits = load(&[], None).unwrap().limits;
    assert_eq!(limits.requests.per_address.map(Into::into), Some(3000));
    assert_eq!(limits.requests.per_user.map(Into::into), Some(1200));
    assert_eq!(limits.sign_in_limits, SignInRates::usual());
    assert!(limits.is_open);
    let none = [
        ("REGISTRATIONS_PER_MINUTE_ADDRESS", "0"),
        ("REQUESTS_PER_MINUTE_ADDRESS", "0"),
        ("REQUESTS_PER_MINUTE_USER", "0"),
        ("TRUSTED_PROXIES", "127.0.0.1, fd00::/8"),
        ("REGISTRATION", "closed"),
    ];
    let config = load(&none, None).unwrap();
    assert!(!config.limits.is_open);
    assert!(config.to_string().contains("\nREGISTRATION = closed\n"));
    let requests = &config.limits.requests;
    assert_eq!((requests.per_address, requests.per_user), (None, None));
    assert_eq!(config.limits.sign_in_limits.registrations, None);
    assert!(config.to_string().contains("\nTRUSTED_PROXIES = 127.0.0.1/32,fd00::/8\n"));
}

#[test]
fn an_https_collector_is_refused_because_there_is_no_tls() {
    let https = ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example:4317");
    let told = load(&[https], None).unwrap_err().to_string();
    assert!(told.contains("without TLS (https)"), "{told}");
}

#[test]
fn a_model_needs_an_address_and_a_name() {
    const URL: (&str, &str) = ("LLM_API_URL", "http://127.0.0.1:1/v1/chat/completions");
    const MODEL: (&str, &str) = ("LLM_MODEL", "corpus-1");
    assert!(load(&[], None).unwrap().model.is_none());
    let model = load(&[URL, MODEL], None).unwrap().model.unwrap();
    assert_eq!((model.endpoint.url.as_str(), model.endpoint.model.as_str()), (URL.1, MODEL.1));
    assert_eq!(model.endpoint.timeout, Duration::from_mins(1));
    assert_eq!((model.endpoint.concurrency, model.max_attempts), (16, 5));
    assert_eq!(model.caps.per_day, Some(5000));
    let uncapped = load(&[URL, MODEL, ("LLM_CALLS_PER_DAY", "0")], None).unwrap();
    assert_eq!(uncapped.model.as_ref().unwrap().caps.per_day, None);
    assert!(uncapped.to_string().contains("\nLLM_CALLS_PER_DAY = 0 (no cap)\n"));
    assert!(model.endpoint.key.is_none() && model.endpoint.requests_per_minute.is_none());
    for (half, named) in [
        (&[URL][..], "LLM_MODEL is not set"),
        (&[MODEL][..], "LLM_API_URL is not set"),
        (&[("LLM_API_KEY", "sk-half")][..], "LLM_API_URL is not set"),
        (&[("LLM_API_URL", "ftp://x"), MODEL][..], "LLM_API_URL is not valid"),
        (&[URL, MODEL, ("LLM_TIMEOUT_SECONDS", "0")][..], "LLM_TIMEOUT_SECONDS is \"0\""),
        (&[URL, MODEL, ("LLM_API_KEY", "two words")][..], "LLM_API_KEY is not valid"),
    ] {
        let text = load(half, None).unwrap_err().to_string();
        assert!(text.contains(named), "{text}");
        assert!(!text.contains("two words") && !text.contains("sk-half"), "{text}");
    }
}

#[test]
fn an_unknown_setting_and_a_broken_file_are_refused() {
    let text = load(&[], Some("databse_url = \"x\"")).unwrap_err().to_string();
    assert!(text.contains("databse_url"), "{text}");
    let text = load(&[], Some("= 1")).unwrap_err().to_string();
    assert!(text.contains("TOML"), "{text}");
}

#[test]
fn a_list_or_a_section_is_refused_and_never_printed() {
    for (file, told) in [
        ("llm_api_key = [\"hush\"]", "llm_api_key in the settings file is a list"),
        ("trusted_proxies = [\"10.0.0.1\", \"10.0.0.2\"]", "with commas between several values"),
        ("[llm_model]\nname = \"hush\"", "llm_model in the settings file is a section"),
        ("llm_model = 2026-12-01", "llm_model in the settings file is a date"),
    ] {
        let text = load(&[], Some(file)).unwrap_err().to_string();
        assert!(text.contains(told) && !text.contains("hush"), "{file}: {text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    assert!(load(&[], Some("database_pool_size = 5")).is_ok());
}

#[test]
fn a_path_that_begins_with_a_tilde_is_refused() {
    for name in ["VIVA_DATA_DIR", "VIVA_BANK_DIR", "TLS_CERT_FILE"] {
        let text = load(&[(name, "~/viva")], None).unwrap_err().to_string();
        assert!(text.contains(&format!("{name} is \"~/viva\"; it must be a whole path")), "{text}");
    }
    let text = load(&[("DATABASE_URL", "sqlite:~/viva.db")], None).unwrap_err().to_string();
    assert!(text.contains("without ~"), "{text}");
}

#[test]
fn settings_are_printed_without_secrets() {
    let secret = "0123456789abcdef0123456789abcdef";
    let settings = [
        ("SECRET_KEY", secret),
        ("SECRET_KEY_PREVIOUS", "fedcba9876543210fedcba9876543210"),
        ("DATABASE_URL", "postgres://viva:hunter2@db.example/viva?sslmode=verify-full"),
        ("LLM_API_URL", "http://127.0.0.1:1/v1/chat/completions"),
        ("LLM_MODEL", "corpus-1"),
        ("LLM_API_KEY", "sk-never-shown"),
    ];
    let config = load(&settings, None).unwrap();
    for text in [config.to_string(), format!("{config:?}")] {
        assert!(!text.contains(secret) && !text.contains("sk-never-shown"), "{text}");
        assert!(!text.contains("fedcba"), "{text}");
        assert!(text.contains("corpus-1") && !text.contains("hunter2"), "{text}");
        assert!(text.contains("viva:***@db.example/viva?sslmode=verify-full"), "{text}");
    }
    let masked = config.to_string();
    assert!(masked.contains("SECRET_KEY = ***\n") && masked.contains("LLM_API_KEY = ***\n"));
    assert!(masked.contains("SECRET_KEY_PREVIOUS = ***\n"), "{masked}");
}

#[test]
fn a_bad_address_is_never_echoed_and_the_error_says_what_to_escape() {
    let torn = |name: &'static str, scheme: &str| {
        ["hush:12/ush", "hush:1?hush", "hush:1#hush", "hush:hush/", "hush:1\\hush", "h@sh:1/hush"]
            .map(|user| (name, format!("{scheme}://{user}@example.com/hush")))
    };
    let database = torn("DATABASE_URL", "postgres");
    let model = torn("LLM_API_URL", "https");
    let collector = torn("OTEL_EXPORTER_OTLP_ENDPOINT", "http");
    let swapped = [("DATABASE_URL", "sqlite://hush:hush@example.com/hush".to_owned())];
    for (name, value) in database.iter().chain(&model).chain(&collector).chain(&swapped) {
        let text = load(&[(name, value)], None).map(|config| config.to_string());
        let text = text.expect_err(value).to_string();
        assert!(!text.contains("hush") && !text.contains("ush"), "{value}: {text}");
        assert!(text.contains(&format!("{name} is not valid")), "{text}");
    }
    let text = load(&[database[0].clone()].map(|(n, v)| (n, &*v.leak())), None).unwrap_err();
    assert!(text.to_string().contains("%40 %3A %2F %3F %23"), "{text}");
    let text = load(&[model[0].clone()].map(|(n, v)| (n, &*v.leak())), None).unwrap_err();
    assert!(text.to_string().contains("%40") && text.to_string().contains("LLM_API_KEY"), "{text}");
}

#[test]
fn a_valid_address_is_printed_without_possible_secrets() {
    let settings = [
        ("LLM_API_URL", "https://example.com/v1?key=hush#hush"),
        ("LLM_MODEL", "m"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317/?token=hush"),
        ("DATABASE_URL", "postgres://viva@db.example/viva?password=hush#hush"),
        ("SECRET_KEY", "0123456789abcdef0123456789abcdef"),
    ];
    let config = load(&settings, None).unwrap();
    for text in [config.to_string(), format!("{config:?}")] {
        assert!(!text.contains("hush"), "{text}");
        assert!(text.contains("example.com") && text.contains("127.0.0.1:4317"), "{text}");
    }
}
