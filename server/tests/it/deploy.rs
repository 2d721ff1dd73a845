//! The program accepts everything that the files under `deploy` give it. Containers are not started
//! here.

use std::{fs, path::PathBuf, process::Output};

use crate::support::program::command;

fn deploy(file: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(file);
    fs::read_to_string(path).unwrap()
}

/// Our services' settings in `compose.yaml`: the lines below their `environment`.
fn environment() -> Vec<(String, String)> {
    let compose = deploy("compose.yaml");
    let ours = compose.split_once("x-environment: &environment\n  environment:\n").unwrap().1;
    let lines = ours.lines().take_while(|line| line.starts_with("    "));
    let lines = lines.filter(|line| !line.trim_start().starts_with('#'));
    let settings = lines.map(|line| line.trim().split_once(": ").unwrap());
    settings.map(|(name, value)| (name.into(), value.trim_matches('"').into())).collect()
}

/// Runs `check-config` on a settings file, where an unknown name is an error; in the environment it
/// is not.
fn check(settings: &str) -> Output {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("viva.toml");
    fs::write(&file, settings).unwrap();
    command(home.path(), &["check-config", "--config", file.to_str().unwrap()]).output().unwrap()
}

/// The words of a list such as `["worker", "--listen"]`.
fn words(list: &str) -> Vec<&str> {
    let inside = list.split_once('[').unwrap().1.split_once(']').unwrap().0;
    inside.split(',').map(|word| word.trim().trim_matches('"')).collect()
}

/// Checks that the program accepts this command line; --help makes it parse all and do nothing.
fn assert_understood(line: &[&str]) {
    let home = tempfile::tempdir().unwrap();
    let done = command(home.path(), line).arg("--help").output().unwrap();
    assert!(done.status.success(), "{line:?}: {}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn every_setting_of_the_compose_file_exists_and_is_valid() {
    let environment = environment();
    assert!(environment.len() > 3, "{environment:?}");
    let of_file = environment.iter().filter(|(name, _)| name != "VIVA_CONFIG");
    let lines = of_file.map(|(name, value)| format!("{} = {value:?}", name.to_lowercase()));
    let done = check(&lines.collect::<Vec<_>>().join("\n"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let printed = String::from_utf8(done.stdout).unwrap();
    assert!(printed.contains("VIVA_METRICS_LISTEN = 0.0.0.0:9090"), "{printed}");
    let wrong = check("evaluation_lease_second = 9");
    assert!(!wrong.status.success(), "a setting that does not exist is found");
}

#[test]
fn every_setting_of_the_example_exists_and_is_valid_once_filled_in() {
    let example = deploy("viva.toml.example");
    assert!(example.contains("database_url = \"postgres://"), "{example}");
    let filled: String = example
        .lines()
        .map(|line| match line {
            "secret_key = \"\"" => "secret_key = \"0123456789abcdef0123456789abcdef\"",
            "# llm_api_url = \"https://...\"" => "llm_api_url = \"https://model.example/v1\"",
            "# trusted_proxies = \"172.16.0.0/12\"" => "trusted_proxies = \"172.16.0.0/12\"",
            "# llm_model = \"\"" => "llm_model = \"corpus-1\"",
            "# llm_api_key = \"\"" => "llm_api_key = \"sk-corpus\"",
            other => other,
        })
        .flat_map(|line| [line, "\n"])
        .collect();
    let done = check(&filled);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let printed = String::from_utf8(done.stdout).unwrap();
    for line in [
        "SECRET_KEY = ***",
        "LLM_API_KEY = ***",
        "LLM_MODEL = corpus-1",
        "TRUSTED_PROXIES = 172.16.0.0/12",
    ] {
        assert!(printed.contains(line), "{line} not in\n{printed}");
    }
}

#[test]
fn every_command_line_in_the_files_is_valid() {
    let compose = deploy("compose.yaml");
    let of_compose = compose.lines().filter(|line| line.trim().starts_with("command: "));
    let of_compose: Vec<_> = of_compose.map(words).collect();
    assert_eq!(of_compose.len(), 4, "two servers and two workers");
    let container = deploy("Containerfile");
    let commands = container.lines().filter(|line| line.trim().starts_with("CMD "));
    let commands: Vec<_> = commands.map(words).collect();
    assert_eq!(commands, [vec!["viva-server", "healthcheck"], vec!["serve"]]);
    for line in &of_compose {
        assert_understood(line);
    }
    assert_understood(&["healthcheck"]);
    assert_understood(&["serve"]);
    let home = tempfile::tempdir().unwrap();
    let wrong = command(home.path(), &["serve", "--no-workers", "--help"]).output().unwrap();
    assert!(!wrong.status.success(), "a wrong word is found in spite of --help");
}

#[test]
fn the_alerts_use_metrics_that_the_operations_page_lists() {
    let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md");
    let page = fs::read_to_string(page).unwrap();
    let rules = deploy("prometheus-rules.yaml");
    let words = rules.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let metrics: Vec<_> = words.filter(|word| word.starts_with("viva_")).collect();
    assert!(metrics.len() > 4, "{metrics:?}");
    for metric in metrics {
        assert!(page.contains(&format!("`{metric}`")), "{metric} is not in docs/operations.md");
    }
}
