//! The gateway accepts everything that the files under `deploy` give it. Containers are not started
//! here.

use std::{collections::HashMap, fs, path::PathBuf, process::Command};

use viva_web::config::{Config, Flags};

/// The gateway's lines in `compose.yaml`.
fn gateway() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../deploy/compose.yaml");
    let compose = fs::read_to_string(path).unwrap();
    let from = compose.split_once("\n  gateway:\n").unwrap().1;
    from.lines().take_while(|line| line.is_empty() || line.starts_with("    ")).fold(
        String::new(),
        |mut all, line| {
            all.push_str(line.trim());
            all.push('\n');
            all
        },
    )
}

/// The words of a list such as `entrypoint: ["viva-web", "--upstream"]`.
fn words(gateway: &str, key: &str) -> Vec<String> {
    let line = gateway.lines().find(|line| line.starts_with(key)).unwrap();
    let inside = line.split_once('[').unwrap().1.split_once(']').unwrap().0;
    inside.split(',').map(|word| word.trim().trim_matches('"').to_owned()).collect()
}

#[test]
fn the_gateways_command_lines_and_settings_are_valid() {
    let gateway = gateway();
    let entry = words(&gateway, "entrypoint:");
    let check = words(&gateway, "test:");
    assert_eq!((entry[0].as_str(), check[1].as_str()), ("viva-web", "viva-web"));
    for line in [&entry[1..], &check[2..]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_viva-web"));
        let done = command.env_clear().args(line).arg("--help").output().unwrap();
        assert!(done.status.success(), "{line:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    let settings: HashMap<_, _> = gateway
        .lines()
        .skip_while(|line| *line != "environment:")
        .skip(1)
        .filter(|line| line.chars().next().is_some_and(char::is_uppercase))
        .map(|line| line.split_once(": ").unwrap())
        .collect();
    assert!(settings.len() > 2, "{gateway}");
    let upstream = entry.iter().skip_while(|word| *word != "--upstream").nth(1).cloned();
    let flags = Flags { upstream, ..Flags::default() };
    let get = |name: &str| settings.get(name).map(|value| value.trim_matches('"').to_owned());
    let config = Config::load(&flags, get, None).unwrap();
    config.transport.check(config.listen).unwrap();
    assert_eq!(config.listen.to_string(), "0.0.0.0:8080");
    assert!(config.upstream.is_some());
}
