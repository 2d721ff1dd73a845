use std::fs;

use super::*;

fn load(flags: &Flags, env: &[(&str, &str)], file: &str) -> Result<Settings, SettingError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, file).unwrap();
    let get = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
    Settings::load(flags, get, &path)
}

#[test]
fn flags_take_precedence_over_the_environment_and_that_over_the_file() {
    let file = "viva_server = \"https://file\"";
    let env = [("VIVA_SERVER", "https://env")];
    let flags = Flags { server: Some("https://flag".into()), ..Flags::default() };
    let label = |s: Settings| s.server.map(|s| s.label().to_owned());
    assert_eq!(label(load(&Flags::default(), &[], file).unwrap()).unwrap(), "file");
    assert_eq!(label(load(&Flags::default(), &env, file).unwrap()).unwrap(), "env");
    assert_eq!(label(load(&flags, &env, file).unwrap()).unwrap(), "flag");
}

#[test]
fn a_misspelt_setting_is_named_with_the_nearest_one() {
    let fault = load(&Flags::default(), &[], "viva_teme = \"dark\"").unwrap_err();
    assert!(fault.setting.starts_with("viva_teme in "), "{fault}");
    assert_eq!(fault.right, "The nearest is viva_theme");
    let fault = load(&Flags::default(), &[], "hush = 1").unwrap_err();
    assert!(
        fault.right.starts_with("No setting has a similar name; all settings: viva_listen, "),
        "{fault}"
    );
    // The file may also contain settings of the other programs.
    assert!(load(&Flags::default(), &[], "secret_key = \"x\"\nlog_format = \"json\"").is_ok());
}

#[test]
fn a_missing_default_file_is_fine_and_a_missing_named_one_is_not() {
    let nowhere = Path::new("/nonexistent/config.toml");
    assert!(Settings::load(&Flags::default(), |_| None, nowhere).unwrap().file.is_none());
    let flags = Flags { config: Some(nowhere.into()), ..Flags::default() };
    assert!(Settings::load(&flags, |_| None, nowhere).is_err());
}

#[test]
fn a_bad_value_is_reported_with_its_fault_and_what_is_right() {
    let error = load(&Flags::default(), &[("VIVA_SERVER", "ftp://x")], "").unwrap_err();
    insta::assert_snapshot!(error, @r#"VIVA_SERVER: "ftp://x" cannot be used: it is not an http or https address. Write for instance https://viva.example.org or http://127.0.0.1:50051"#);
    let error = load(&Flags::default(), &[("VIVA_THEME", "pink")], "").unwrap_err();
    insta::assert_snapshot!(error, @r#"VIVA_THEME: "pink" is not one of the choices. Write dark, light, high-contrast, mono, catppuccin, gruvbox"#);
    assert!(load(&Flags::default(), &[], "viva_server = 3").is_err());
    assert!(load(&Flags::default(), &[], "viva_server = ").is_err());
}

#[test]
fn plain_text_to_another_machine_is_refused_unless_allowed() {
    const ELSEWHERE: (&str, &str) = ("VIVA_SERVER", "http://viva.example.org:50051");
    let none = Flags::default();
    let error = load(&none, &[ELSEWHERE], "").unwrap_err();
    insta::assert_snapshot!(error, @"VIVA_SERVER: to http://viva.example.org:50051, your password would go through the network as plain text. Name the server's https:// address, or allow it with --plaintext or VIVA_PLAINTEXT=allow, where a private network protects it");
    let flags = Flags { plaintext: true, ..Flags::default() };
    assert!(load(&flags, &[ELSEWHERE], "").is_ok());
    assert!(load(&none, &[ELSEWHERE, ("VIVA_PLAINTEXT", "allow")], "").is_ok());
    assert!(load(&none, &[ELSEWHERE], "viva_plaintext = \"allow\"").is_ok());
    assert!(load(&none, &[ELSEWHERE, ("VIVA_PLAINTEXT", "yes")], "").is_err());
    assert!(load(&none, &[("VIVA_SERVER", "http://127.0.0.1:50051")], "").is_ok());
}

#[test]
fn a_model_is_read_from_environment_and_file_and_must_be_complete() {
    let file = "llm_api_url = \"http://127.0.0.1:9/v1/chat/completions\"\nllm_concurrency = 3";
    let model = load(&Flags::default(), &[("LLM_MODEL", "m")], file).unwrap().model.unwrap();
    assert_eq!((model.endpoint.model.as_str(), model.endpoint.concurrency), ("m", 3));
    let error = load(&Flags::default(), &[], file).unwrap_err();
    insta::assert_snapshot!(error, @"The language model: LLM_MODEL is not set; it must be the name of a model that the endpoint has. Without any LLM_ setting, the built-in bank and grader do the work");
    let remote = Flags { server: Some("https://elsewhere".into()), ..Flags::default() };
    assert!(load(&remote, &[], file).unwrap().model.is_none());
}

#[test]
fn a_model_on_this_machine_is_offered_without_another_model_or_server() {
    let offers = |flags: &Flags, env: &[(&str, &str)], file: &str| {
        load(flags, env, file).unwrap().prospect.is_some()
    };
    let none = Flags::default();
    assert!(offers(&none, &[], ""));
    let remote = Flags { server: Some("https://elsewhere".into()), ..Flags::default() };
    assert!(!offers(&remote, &[], ""));
    let url = "http://127.0.0.1:9/v1/chat/completions";
    assert!(!offers(&none, &[("LLM_API_URL", url), ("LLM_MODEL", "m")], ""));
    assert!(!offers(&none, &[("VIVA_LOCAL_MODEL_PORTS", "off")], ""));
    assert!(!offers(&none, &[], "viva_local_model_ports = \"off\""));
    let error = load(&none, &[("VIVA_LOCAL_MODEL_PORTS", "all")], "").unwrap_err();
    insta::assert_snapshot!(error, @r#"VIVA_LOCAL_MODEL_PORTS: "all" names no ports. Write off, or up to 8 ports with commas between them, for instance 11434,8080"#);
}

#[test]
fn a_found_model_uses_the_existing_settings_and_one_call_at_a_time() {
    let of = |env: &[(&str, &str)]| load(&Flags::default(), env, "").unwrap().prospect.unwrap();
    let found = of(&[("LLM_TIMEOUT_SECONDS", "90")]);
    let model = found.with("http://127.0.0.1:1/v1".into(), "m".into()).endpoint;
    assert_eq!((model.url.as_str(), model.model.as_str()), ("http://127.0.0.1:1/v1", "m"));
    assert_eq!((model.timeout.as_secs(), model.concurrency), (90, 1));
    assert!(found.sets_pace && model.key.is_none());
    let found = of(&[("LLM_CONCURRENCY", "3")]);
    let model = found.with("http://127.0.0.1:1/v1".into(), "m".into()).endpoint;
    assert!(!found.sets_pace && model.concurrency == 3);
}

#[test]
fn an_api_key_is_for_a_server_and_never_shown() {
    let env = |key| [("VIVA_API_KEY", key), ("VIVA_SERVER", "http://127.0.0.1:1")];
    let settings = load(&Flags::default(), &env("viva_secret"), "").unwrap();
    assert!(settings.api_key.is_some() && !format!("{settings:?}").contains("viva_secret"));
    let none = load(&Flags::default(), &[("VIVA_API_KEY", "rubbish")], "").unwrap();
    assert!(none.api_key.is_none(), "the built-in server needs none");
    for bad in ["sk-rubbish", "viva_ two words", "viva_ü"] {
        let error = load(&Flags::default(), &env(bad), "").unwrap_err();
        assert!(error.setting == "VIVA_API_KEY" && !error.to_string().contains(bad), "{error}");
    }
}

#[test]
fn no_color_applies_if_not_empty_and_not_overridden_by_a_flag() {
    let colour = |flags: &Flags, value| load(flags, &[("NO_COLOR", value)], "").unwrap().colour;
    let always = Flags { color: Some(ColourChoice::Always), ..Flags::default() };
    assert_eq!(colour(&Flags::default(), "1"), ColourChoice::Never);
    assert_eq!(colour(&Flags::default(), ""), ColourChoice::Auto);
    assert_eq!(colour(&always, "1"), ColourChoice::Always);
}

#[test]
fn without_a_utf8_locale_the_output_is_ascii() {
    let ascii = |env: &[(&str, &str)]| load(&Flags::default(), env, "").unwrap().ascii;
    assert!(ascii(&[]));
    assert!(ascii(&[("LANG", "")]));
    assert!(!ascii(&[("LANG", "en_GB.UTF-8")]));
    assert!(ascii(&[("LANG", "C")]));
    assert!(ascii(&[("LC_ALL", "POSIX"), ("LANG", "en_GB.UTF-8")]));
}

#[test]
fn a_bad_value_is_reported_without_possible_secrets() {
    for (file, place) in [
        ("viva_theme = \"dark\"\nllm_api_key = sk-hush\n", "line 2"),
        ("llm_api_key = \"sk-hush", "line 1"),
        ("viva_server = \"https://ada:hush@viva.example.org\"", "viva_server"),
        ("viva_server = \"https://viva.example.org/?token=hush\"", "viva_server"),
        ("llm_model = \"m\"\nllm_api_url = \"https://ada:1/hush@example.org\"", "LLM_API_URL"),
    ] {
        let error = load(&Flags::default(), &[], file).unwrap_err().to_string();
        assert!(error.contains(place) && !error.contains("hush"), "{error}");
    }
}

#[test]
fn your_own_bank_folder_is_set_by_flag_variable_or_file() {
    let folder = |flags: &Flags, env: &[(&str, &str)], file: &str| {
        load(flags, env, file).unwrap().bank_dir.map(|folder| folder.display().to_string())
    };
    let (none, file) = (Flags::default(), "viva_bank_dir = \"file\"");
    let flags = Flags { bank: Some("flag".into()), ..Flags::default() };
    let env = [("VIVA_BANK_DIR", "env")];
    assert_eq!(folder(&none, &[], ""), None);
    assert_eq!(folder(&none, &[], file).as_deref(), Some("file"));
    assert_eq!(folder(&none, &env, file).as_deref(), Some("env"));
    assert_eq!(folder(&flags, &env, file).as_deref(), Some("flag"));
}
