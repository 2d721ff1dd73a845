//! The real program: its commands, exit codes and signals.

use std::{fs, process::Output};

use nix::sys::signal::Signal;
use viva_proto::v1::{self, EvaluationStatus};

use crate::support::{
    PASSWORD,
    program::{Program, command},
};

fn run(home: &std::path::Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    command(home, arguments).envs(environment.iter().copied()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn check_config_prints_the_settings_in_force_and_masks_secrets() {
    let home = tempfile::tempdir().unwrap();
    let secret = "0123456789abcdef0123456789abcdef";
    let done = run(home.path(), &["check-config"], &[("SECRET_KEY", secret)]);
    let printed = text(&done.stdout);
    assert!(done.status.success());
    assert!(printed.contains("DATABASE_URL = sqlite:") && printed.contains("SECRET_KEY = ***"));
    assert!(!printed.contains(secret));
}

#[test]
fn a_reader_that_goes_away_is_not_an_error() {
    let home = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let done = command(home.path(), &["check-config"]).stdout(writer).output().unwrap();
    assert!(done.status.success() && done.stderr.is_empty(), "{}", text(&done.stderr));
}

#[test]
fn a_setting_in_the_databases_address_that_would_have_no_effect_is_named() {
    let home = tempfile::tempdir().unwrap();
    let url = "postgres://viva:hunter2@db.example/viva?sslmod=verify-full";
    let done = run(home.path(), &["check-config"], &[("DATABASE_URL", url)]);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1));
    assert!(said.contains("DATABASE_URL is not valid; it has sslmod= after the ?"), "{said}");
    assert!(said.contains("sslmode") && !said.contains("hunter2"), "{said}");
}

#[test]
fn invalid_settings_prevent_the_start_and_are_all_named() {
    let home = tempfile::tempdir().unwrap();
    let bad = [("ACCESS_TOKEN_EXPIRE_MINUTES", "soon"), ("SECRET_KEY", "short")];
    let done = run(home.path(), &["serve"], &bad);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1));
    assert!(said.contains("ACCESS_TOKEN_EXPIRE_MINUTES") && said.contains("SECRET_KEY"), "{said}");
    assert!(
        !home.path().join(".local").exists(),
        "nothing is created before the settings are valid"
    );
}

#[test]
fn a_variable_that_looks_like_a_misspelt_setting_is_named_in_a_warning() {
    let home = tempfile::tempdir().unwrap();
    let done = run(home.path(), &["check-config"], &[("DATABASE_ULR", "sqlite:elsewhere.db")]);
    let said = text(&done.stderr);
    let warning = "DATABASE_ULR is set, but is not a setting; did you mean DATABASE_URL?";
    assert_eq!(said.trim_end(), format!("viva-server: {warning}"));
    assert!(done.status.success());
}

#[test]
fn errors_in_a_custom_bank_prevent_the_start_and_are_all_named() {
    let home = tempfile::tempdir().unwrap();
    let bank = home.path().join("bank");
    fs::create_dir(&bank).unwrap();
    let file = "topic = \"other\"\ntitle = \"Locks\"\nroles = []\n";
    fs::write(bank.join("locks.toml"), file).unwrap();
    let set = [("VIVA_BANK_DIR", bank.to_str().unwrap())];
    for command in ["serve", "check-config"] {
        let done = run(home.path(), &[command], &set);
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(1), "{command}: {said}");
        for fault in [
            "locks.toml: topic: must be the file's name",
            "locks.toml: roles: must name at least one role",
            "locks.toml: question: must have at least one entry",
        ] {
            assert!(said.contains(fault), "{command}: {said}");
        }
    }
    assert!(!home.path().join(".local").exists(), "nothing is created before the bank is valid");
}

#[test]
fn no_secret_in_a_setting_is_printed_however_invalid_the_setting_is() {
    let home = tempfile::tempdir().unwrap();
    // On PostgreSQL, serving needs a secret key.
    let key = ("SECRET_KEY", "0123456789abcdef0123456789abcdef");
    for setting in [
        ("DATABASE_URL", "postgres://viva:1/hush@127.0.0.1/viva"),
        ("DATABASE_URL", "postgres://viva:1#hush@127.0.0.1/viva"),
        ("DATABASE_URL", "postgres://viva:1?x=hush@127.0.0.1/viva"),
        ("DATABASE_URL", "postgres://viva:hu@sh@127.0.0.1:1/viva"),
        ("DATABASE_URL", "postgres://viva:hush@127.0.0.1:1/viva?passwrod=hush&hush"),
        ("DATABASE_URL", "sqlite:viva:hush@127.0.0.1/viva"),
        ("LLM_API_URL", "https://ada:1?hush@127.0.0.1/v1"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://ada:hush@127.0.0.1:4317"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "hush"),
        ("SECRET_KEY_PREVIOUS", "hush"),
        ("TRUSTED_PROXIES", "https://ada:hush@127.0.0.1"),
        ("DATABASE_URL", "postgres://viva hush@127.0.0.1:1/viva"),
        ("DATABASE_URL", "postgres://viva:hush"),
        ("DATABASE_URL", "postgres//viva:hush@127.0.0.1/viva"),
        ("DATABASE_URL", "host=127.0.0.1 password=hush"),
        ("DATABASE_URL", "jdbc:postgresql://127.0.0.1/viva?user=viva&password=hush"),
        ("DATABASE_URL", "\"postgres://viva:hush@127.0.0.1/viva\""),
        ("LLM_API_URL", "https://ada:hush"),
        ("LLM_API_URL", "hush"),
        ("LLM_API_KEY", "Bearer hush"),
        ("LLM_API_KEY", "hush\n"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://ada:hush"),
        ("SECRET_KEY", "hush"),
        ("VIVA_LISTEN", "ada:hush"),
    ] {
        // The tested setting comes last and overrides the key above.
        let done = run(home.path(), &["serve"], &[key, ("RUST_LOG", "trace"), setting]);
        let said = text(&done.stdout) + &text(&done.stderr);
        assert!(!done.status.success() && said.len() > 20, "{setting:?}: {said}");
        assert!(!said.contains("hush") && !said.contains("sh@"), "{setting:?}: {said}");
    }
}

#[test]
fn a_setting_that_is_not_text_is_named_and_nothing_is_created() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let home = tempfile::tempdir().unwrap();
    let latin = OsStr::from_bytes(b"/tmp/caf\xe9");
    for name in
        ["VIVA_DATA_DIR", "DATABASE_URL", "SECRET_KEY", "LLM_MODEL", "RUST_LOG", "VIVA_BANK_DIR"]
    {
        let done = command(home.path(), &["check-config"]).env(name, latin).output().unwrap();
        let said = text(&done.stderr);
        assert_eq!(done.status.code(), Some(1), "{name}: {said}");
        assert!(said.contains(&format!("{name} is not UTF-8 text")), "{said}");
    }
    let done = command(home.path(), &["check-config"]).env("HOME", latin).output().unwrap();
    assert!(text(&done.stderr).contains("HOME or XDG_DATA_HOME is not UTF-8 text"), "{done:?}");
    assert!(!home.path().join(".local").exists());
}

#[test]
fn a_settings_file_is_read_in_any_unicode_encoding_or_its_bad_line_is_named() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("viva.toml");
    let setting = "viva_listen = \"127.0.0.1:51999\"\r\n";
    let wide = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        mark.into_iter().chain(setting.encode_utf16().flat_map(bytes)).collect()
    };
    let check = || run(home.path(), &["check-config", "--config", file.to_str().unwrap()], &[]);
    for bytes in [
        format!("\u{feff}{setting}").into_bytes(),
        wide([0xff, 0xfe], u16::to_le_bytes),
        wide([0xfe, 0xff], u16::to_be_bytes),
    ] {
        fs::write(&file, bytes).unwrap();
        let printed = text(&check().stdout);
        assert!(printed.contains("VIVA_LISTEN = 127.0.0.1:51999"), "{printed}");
    }
    for (bytes, told) in [
        (&b"# ok\n# caf\xe9\n"[..], "it is not UTF-8 text (line 2 has the byte 0xe9)"),
        (b"%PDF-1.7 settings", "it is a PDF"),
    ] {
        fs::write(&file, bytes).unwrap();
        let said = text(&check().stderr);
        assert!(said.contains(told) && said.contains("viva.toml"), "{said}");
    }
}

#[test]
fn a_file_that_is_not_a_database_is_refused_in_one_clear_line() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("notes.txt");
    fs::write(&file, "Dear diary").unwrap();
    let url = format!("sqlite:{}", file.display());
    let done = run(home.path(), &["migrate"], &[("DATABASE_URL", &url)]);
    let said = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1));
    assert!(said.contains("notes.txt is not a Viva database"), "{said}");
    assert_eq!(fs::read_to_string(file).unwrap(), "Dear diary");
}

#[test]
fn healthcheck_tells_whether_a_server_responds() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), &[]);
    let listen = program.address.clone();
    let check = || run(home.path(), &["healthcheck", "--listen", &listen], &[]);
    assert!(check().status.success());
    drop(program);
    let gone = check();
    assert_eq!(gone.status.code(), Some(1));
    assert!(text(&gone.stderr).contains("nothing responds"), "{}", text(&gone.stderr));
}

#[tokio::test]
async fn sigterm_ends_watches_and_the_process_with_exit_code_0() {
    let home = tempfile::tempdir().unwrap();
    let program = Program::serve(home.path(), &[]);
    let channel = program.channel().await;
    let mut auth = v1::auth_service_client::AuthServiceClient::new(channel.clone());
    let registration = v1::RegisterRequest {
        username: "ada".into(),
        email: "ada@corpus.example".into(),
        password: PASSWORD.into(),
    };
    auth.register(registration).await.unwrap();
    let login = v1::LoginRequest { username: "ada".into(), password: PASSWORD.into() };
    let session = auth.login(login).await.unwrap().into_inner().session.unwrap();
    let ada = crate::support::Person { channel, session };
    let interview = ada.create("Backend engineer", 1).await;
    ada.submit(&interview, 0, "Measure first, then change one thing.").await.unwrap();
    let settled = ada.settled(interview.id).await;
    let status = settled[0].evaluation.as_ref().unwrap().status();
    assert_eq!(status, EvaluationStatus::Completed);
    let request = v1::WatchInterviewRequest { interview_id: interview.id, follow: true };
    let mut watch = ada.answers().watch_interview(ada.ask(request)).await.unwrap().into_inner();
    watch.message().await.unwrap();
    program.signal(Signal::SIGTERM);
    let error = watch.message().await.unwrap_err();
    assert_eq!(crate::support::reason(&error), "SHUTTING_DOWN");
    let ended = tokio::task::spawn_blocking(move || program.wait()).await.unwrap();
    assert_eq!(ended.code(), Some(0));
}
