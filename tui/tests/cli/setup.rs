//! Settings, files, and what shells and packages ask for.

use std::fs;

use crate::support::{Viva, mode};

#[test]
fn doctor_says_where_everything_is_without_secrets() {
    let viva = Viva::new();
    let ran = viva.run(&["doctor"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for part in ["settings", "viva.db", "log", "secret_key", "none in use", "viva-offline"] {
        assert!(ran.out.contains(part), "{part} in {ran:?}");
    }
    let key = viva.data().join("secret_key");
    let secret = fs::read_to_string(&key).unwrap();
    assert!(!ran.out.contains(secret.trim()));
    let document = viva.json(&["doctor"]);
    assert_eq!((&document["version"], &document["healthy"]), (&1.into(), &true.into()));
    assert_eq!(mode(&key), 0o600);
    assert_eq!(mode(&viva.data()), 0o700);
    assert_eq!(mode(&viva.home.path().join(".local/state/viva/log")), 0o700);
}

#[test]
fn doctor_ends_with_1_when_something_is_broken() {
    let viva = Viva::new();
    let file = viva.file("in-the-way", "not a folder");
    let output = viva.command(&["doctor", "--json"]).env("VIVA_DATA_DIR", file).output();
    let ran: crate::support::Ran = output.unwrap().into();
    assert_eq!(ran.code, 1, "{ran:?}");
    let document = ran.json();
    assert_eq!(document["healthy"], false);
    let checks = document["checks"].as_array().unwrap();
    let server = checks.iter().find(|check| check["name"] == "server").unwrap();
    assert_eq!(server["state"], "broken");
}

#[test]
fn the_settings_in_force_and_their_file_are_shown() {
    let viva = Viva::new();
    let path = viva.json(&["config", "path"]);
    assert_eq!(path["exists"], false);
    let path = path["path"].as_str().unwrap();
    assert!(path.ends_with(".config/viva/config.toml"), "{path}");
    viva.file(".config/viva/config.toml", "viva_server = \"https://viva.example.org\"\n");
    assert_eq!(viva.json(&["config", "path"])["exists"], true);
    let shown = viva.json(&["config", "show", "--color", "never"]);
    assert_eq!(shown["settings"]["viva_server"], "https://viva.example.org");
    assert_eq!(shown["settings"]["viva_color"], "never");
    let text = viva.run(&["config", "show"]).out;
    assert!(text.parse::<toml::Table>().is_ok(), "{text}");
}

#[test]
fn a_settings_file_that_cannot_be_used_ends_with_2_and_is_named() {
    let viva = Viva::new();
    viva.file("mine.toml", "viva_theme = \"pink\"");
    let ran = viva.run(&["--config", "mine.toml", "keys"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("viva_theme in mine.toml"), "{ran:?}");
}

#[test]
fn a_misspelt_setting_is_reported_with_the_likely_one_and_never_an_absurd_one() {
    let viva = Viva::new();
    for (text, told) in [
        ("viva_sever = \"http://127.0.0.1:1\"", "The nearest is viva_server"),
        ("LLM_API_KEY = \"x\"", "The nearest is llm_api_key"),
        ("api_key = \"x\"", "The nearest is llm_api_key"),
        ("hush = 1", "No setting has a similar name; all settings: viva_listen, "),
        ("viva_api_key = \"x\"", "VIVA_API_KEY is read only from the environment"),
        ("[llm]\napi_key = \"x\"", "Settings have no sections: write llm_api_key = ..."),
        ("cert_file = \"x\"", "The nearest are tls_cert_file, upstream_client_cert_file"),
        ("llm_api_key = [\"x\"]", "llm_api_key in mine.toml: it is a list, not one text"),
        (
            "viva_data_dir = \"~/viva\"",
            "it begins with ~, which works only in a shell. Write the whole path",
        ),
        ("[llm_model]\nname = \"x\"", "llm_model in mine.toml: it is a section, not one text"),
    ] {
        viva.file("mine.toml", text);
        let ran = viva.run(&["--config", "mine.toml", "keys"]);
        assert!(ran.code == 2 && ran.err.contains(told), "{text}: {ran:?}");
    }
}

#[test]
fn no_secret_in_a_setting_is_printed() {
    let viva = Viva::new();
    let shown = |command: &[&str], name: &str, value: &str| {
        let ran: crate::support::Ran =
            viva.command(command).env(name, value).env("LLM_MODEL", "m").output().unwrap().into();
        ran.out + &ran.err
    };
    for (name, value) in [
        ("VIVA_SERVER", "https://ada:hush"),
        ("VIVA_SERVER", "ada:hush"),
        ("VIVA_SERVER", "https://ada:hu/hush@viva.example"),
        ("VIVA_SERVER", "https://viva.example/?key=hush"),
        ("LLM_API_URL", "https://ada:hush"),
        ("LLM_API_URL", "http://127.0.0.1:1/v1?key=hush"),
        ("LLM_API_URL", "http://127.0.0.1:1/hushhushhushhushhushhushhush"),
        ("LLM_API_KEY", "Bearer hush"),
        ("VIVA_PLAINTEXT", "ada:hush@viva"),
    ] {
        for command in [&["doctor"][..], &["config", "show"], &["interview", "list"]] {
            let said = shown(command, name, value);
            assert!(!said.contains("hush") && !said.is_empty(), "{name}={value}: {said}");
        }
    }
    let doctor = viva
        .command(&["doctor"])
        .env("VIVA_SERVER", "http://127.0.0.1:1")
        .env("VIVA_API_KEY", "viva_hush")
        .output()
        .unwrap();
    assert!(!String::from_utf8(doctor.stdout).unwrap().contains("hush"));
    for text in ["llm_api_key = hush", "llm_api_key = \"hush", "llm_api_key = [\"hush\"]"] {
        viva.file("mine.toml", text);
        let ran = viva.run(&["--config", "mine.toml", "doctor"]);
        assert!(ran.code == 2 && !ran.err.contains("hush"), "{ran:?}");
    }
}

#[test]
fn commands_that_only_print_leave_no_file_behind() {
    let viva = Viva::new();
    for command in [&["keys"][..], &["man"], &["completions", "zsh"], &["bank", "list"]] {
        assert_eq!(viva.run(command).code, 0);
    }
    assert_eq!(fs::read_dir(viva.home.path()).unwrap().count(), 0);
}

#[test]
fn completions_and_manual_pages_render() {
    let viva = Viva::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = viva.run(&["completions", shell]);
        assert_eq!(ran.code, 0, "{shell}");
        assert!(ran.out.contains("interview"), "{shell}");
    }
    let page = viva.run(&["man"]).out;
    assert!(page.contains(".TH viva 1") && page.contains(".SH DESCRIPTION"), "{page}");
    let page = viva.run(&["man", "interview", "answer"]).out;
    assert!(page.contains(".TH viva-interview-answer 1"), "{page}");
    assert_eq!(viva.run(&["man", "nonsense"]).code, 2);
}

#[test]
fn the_keys_are_those_of_the_app() {
    let keys = Viva::new().json(&["keys"])["keys"].clone();
    let keys = keys.as_array().unwrap();
    let submit = keys.iter().find(|key| key["label"] == "submit").unwrap();
    assert_eq!(submit["keys"][0], "Ctrl+D");
    assert_eq!(submit["context"], "Writing an answer");
}

#[test]
fn every_command_is_explained_with_an_example() {
    let viva = Viva::new();
    let commands = [
        "interview new",
        "interview list",
        "interview show",
        "interview delete",
        "interview answer",
        "interview retry",
        "question follow-up",
        "question hint",
        "question reveal",
        "question compare",
        "question challenge",
        "question say",
        "review",
        "review list",
        "review status",
        "review answer",
        "review postpone",
        "review forget",
        "review export",
        "report",
        "progress",
        "grade",
        "eval",
        "bank list",
        "bank check",
        "bank show",
        "bank new",
        "bank keep",
        "template list",
        "template show",
        "template save",
        "template use",
        "doctor",
        "login",
        "register",
        "logout",
        "account password",
        "account export",
        "account delete",
        "whoami",
        "config path",
        "config show",
        "completions",
        "man",
        "keys",
    ];
    for command in commands {
        let words: Vec<_> = ["help"].into_iter().chain(command.split(' ')).collect();
        let ran = viva.run(&words);
        assert_eq!(ran.code, 0, "{command}");
        assert!(ran.out.contains("Example"), "{command}: {}", ran.out);
        assert!(ran.out.contains("viva "), "{command}");
    }
}
