//! Accounts on a remote server: signing in, being asked to sign in, and what is stored.

use std::{fs, net::TcpListener, path::PathBuf};

use crate::support::{Server, Viva, mode};

fn session_file(viva: &Viva) -> PathBuf {
    let mut files = fs::read_dir(viva.data().join("sessions")).unwrap();
    let files = files.by_ref().map(|entry| entry.unwrap().path());
    files.into_iter().find(|file| file.extension().is_some_and(|e| e == "json")).unwrap()
}

#[test]
fn without_signing_in_a_command_ends_with_4() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    for arguments in [&["interview", "list"][..], &["whoami"], &["report", "latest"]] {
        let ran = viva.run(arguments);
        assert_eq!(ran.code, 4, "{ran:?}");
        assert!(ran.err.contains("viva login"), "{ran:?}");
    }
}

#[test]
fn an_unreachable_server_ends_a_command_with_5_even_if_not_signed_in() {
    // A port that was free a moment ago, so no server listens on it.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let ran = Viva::on(&url).run(&["interview", "list"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.err.contains(&url), "{ran:?}");
    let viva = Viva::on(&url);
    assert_eq!(viva.run_with(&["login", "--username", "ana"], "password\n").code, 5);
    assert_eq!(viva.run(&["doctor"]).code, 1);
}

#[test]
fn an_account_is_created_used_and_signed_out_of() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    viva.sign_up("ana");
    assert_eq!(viva.json(&["whoami"])["user"]["username"], "ana");
    viva.interview(1);
    assert_eq!(viva.run(&["interview", "list"]).code, 0);
    assert_eq!(viva.run(&["logout"]).code, 0);
    assert_eq!(viva.run(&["whoami"]).code, 4);

    let wrong = viva.run_with(&["login", "--username", "ana"], "wrong\n");
    assert_eq!((wrong.code, wrong.err.trim()), (4, "viva: Invalid username or password"));
    let right = viva.run_with(&["login", "--username", "ANA"], "correct horse 42\r\n");
    assert!(
        right.code == 0 && right.out.ends_with(" as ana.\n"),
        "with the name's registered spelling: {right:?}"
    );
    assert_eq!(viva.json(&["interview", "show", "latest"])["interview"]["id"], 1);
}

#[test]
fn signing_out_reports_the_drafts_that_stay_and_can_remove_them() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    viva.sign_up("ana");
    viva.interview(1);
    let begun = viva.run_with(&["--plain"], "1\nHalf an answer,");
    assert_eq!(begun.code, 1, "{begun:?}");
    let out = viva.run(&["logout"]);
    assert!(out.err.contains("1 draft stays on this machine, in "), "{out:?}");
    assert!(out.err.contains("--forget-drafts"), "{out:?}");
    let again = viva.run_with(&["login", "--username", "ana"], "correct horse 42\n");
    assert_eq!(again.code, 0, "{again:?}");
    let out = viva.run(&["logout", "--forget-drafts"]);
    assert_eq!((out.code, out.err.as_str()), (0, ""));
    let folders = std::fs::read_dir(viva.data().join("drafts")).unwrap();
    let folder = folders.map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
}

#[test]
fn every_rule_that_an_account_breaks_is_reported_together() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    let ran = viva.run_with(&["register", "--username", "an", "--email", "nobody"], "short\n");
    assert_eq!(ran.code, 2);
    for rule in ["Username must", "valid email address", "Password must"] {
        assert!(ran.err.contains(rule), "{ran:?}");
    }
    viva.sign_up("ana");
    let taken = ["register", "--username", "ana", "--email", "b@corpus.example"];
    let ran = viva.run_with(&taken, "correct horse 42\n");
    assert_eq!((ran.code, ran.err.trim()), (1, "viva: Username is already taken"));
}

#[test]
fn tokens_are_readable_only_by_their_owner_and_never_printed() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    let register = ["register", "--username", "ana", "--email", "a@corpus.example", "--json"];
    let ran = viva.run_with(&register, "correct horse 42\n");
    assert_eq!(ran.json()["user"]["username"], "ana");
    let file = session_file(&viva);
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
    assert_eq!(mode(&viva.data()), 0o700);
    let kept: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let doctor = viva.run(&["doctor"]);
    assert!(doctor.out.contains(file.to_str().unwrap()), "{doctor:?}");
    for token in ["access_token", "refresh_token"] {
        let token = kept[token].as_str().unwrap();
        for printed in [&ran.out, &ran.err, &doctor.out, &doctor.err] {
            assert!(!printed.contains(token));
        }
    }
    assert!(!ran.out.contains("correct horse") && !doctor.out.contains("correct horse"));
}

#[test]
fn the_built_in_server_needs_no_account_and_says_so() {
    let viva = Viva::new();
    for command in ["login", "register", "logout"] {
        let ran = viva.run(&[command]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains("needs no account") && ran.err.contains("--server"), "{ran:?}");
    }
    assert!(viva.run(&["whoami"]).out.contains("needs no account"));
}

#[test]
fn without_a_terminal_the_name_must_be_an_argument_and_the_password_never_is() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    let ran = viva.run_with(&["login"], "ana\ncorrect horse 42\n");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("--username"), "{ran:?}");
    assert_eq!(viva.run(&["login", "--password", "x"]).code, 2);
}

#[test]
fn a_password_is_changed_only_with_the_current_one() {
    let server = Server::start();
    let (here, there) = (Viva::on(&server.url), Viva::on(&server.url));
    here.sign_up("ana");
    let login = ["login", "--username", "ana"];
    assert_eq!(there.run_with(&login, "correct horse 42\n").code, 0);
    let wrong = here.run_with(&["account", "password"], "wrong\nanother horse 43\n");
    assert_eq!(
        (wrong.code, wrong.err.trim()),
        (4, "viva: This is not your password. Nothing was changed.")
    );
    let short = here.run_with(&["account", "password"], "correct horse 42\nshort\n");
    assert_eq!(short.code, 2, "{short:?}");
    let changed = here.run_with(&["account", "password"], "correct horse 42\nanother horse 43\n");
    assert_eq!(changed.code, 0, "{changed:?}");
    assert_eq!(here.run(&["whoami"]).code, 0);
    assert_eq!(there.run(&["whoami"]).code, 4, "the other session has ended");
    assert_eq!(there.run_with(&login, "correct horse 42\n").code, 4);
    assert_eq!(there.run_with(&login, "another horse 43\n").code, 0);
}

#[test]
fn changing_a_password_reports_api_keys_and_can_revoke_them() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    viva.sign_up("ana");
    for name in ["one", "two"] {
        assert_eq!(viva.run(&["api-key", "create", name]).code, 0);
    }
    let change = |more: &[&str], passwords: &str| {
        let ran = viva.run_with(&[&["account", "password"][..], more].concat(), passwords);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out
    };
    let told = change(&[], "correct horse 42\nanother horse 43\n");
    assert!(told.contains("2 API keys still work: viva api-key list"), "{told}");
    let told = change(&["--revoke-api-keys"], "another horse 43\ncorrect horse 42\n");
    assert!(told.contains("No API key works any more."), "{told}");
    assert_eq!(viva.json(&["api-key", "list"])["api_keys"], serde_json::json!([]));
}

#[test]
fn a_password_is_not_sent_to_another_machine_as_plain_text() {
    let viva = Viva::on("http://viva.example.org:50051");
    let ran = viva.run_with(&["login", "--username", "ana"], "correct horse 42\n");
    assert_eq!(ran.code, 2, "{ran:?}");
    for part in ["as plain text", "https://", "--plaintext", "VIVA_PLAINTEXT=allow"] {
        assert!(ran.err.contains(part), "{ran:?}");
    }
}

#[test]
fn you_can_sign_out_everywhere() {
    let server = Server::start();
    let (here, there) = (Viva::on(&server.url), Viva::on(&server.url));
    here.sign_up("ana");
    there.run_with(&["login", "--username", "ana"], "correct horse 42\n");
    let ran = here.run(&["logout", "--everywhere"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("everywhere"), "{ran:?}");
    assert_eq!(there.run(&["whoami"]).code, 4);
}

#[test]
fn everything_stored_can_be_exported_to_a_file_that_only_its_owner_can_read() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    viva.sign_up("ana");
    viva.interview(2);
    let file = viva.home.path().join("mine.json");
    let ran = viva.run(&["account", "export", "--output", file.to_str().unwrap()]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    assert_eq!(mode(&file), 0o600);
    let read: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(read["account"]["username"], "ana");
    assert_eq!(read["interviews"][0]["questions"].as_array().unwrap().len(), 2);
    let printed = viva.run(&["account", "export"]);
    assert_eq!(printed.json()["interviews"], read["interviews"]);
    let nowhere = viva.run(&["account", "export", "--output", "no/such/folder/mine.json"]);
    assert_eq!(nowhere.code, 1, "{nowhere:?}");
}

#[test]
fn an_account_is_deleted_only_with_confirmation_and_the_right_password() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    viva.sign_up("ana");
    viva.interview(1);
    let unsure = viva.run_with(&["account", "delete"], "correct horse 42\n");
    assert_eq!(unsure.code, 2, "{unsure:?}");
    assert!(unsure.err.contains("--yes"), "{unsure:?}");
    assert_eq!(viva.run_with(&["account", "delete", "--yes"], "wrong\n").code, 4);
    assert_eq!(viva.run(&["interview", "list"]).code, 0, "still signed in, with everything");
    let gone = viva.run_with(&["account", "delete", "--yes"], "correct horse 42\n");
    assert_eq!(gone.code, 0, "{gone:?}");
    assert_eq!(viva.run(&["whoami"]).code, 4);
    assert_eq!(viva.run_with(&["login", "--username", "ana"], "correct horse 42\n").code, 4);
}

#[test]
fn the_built_in_server_deletes_everything_when_its_owner_confirms() {
    let viva = Viva::new();
    viva.interview(1);
    let password = viva.run(&["account", "password"]);
    assert_eq!(password.code, 2);
    assert!(password.err.contains("needs no account"), "{password:?}");
    assert_eq!(viva.run(&["account", "export"]).json()["interviews"][0]["id"], 1);
    assert_eq!(viva.run(&["account", "delete"]).code, 2);
    assert_eq!(viva.run(&["account", "delete", "--yes"]).code, 0);
    assert_eq!(viva.json(&["interview", "list"])["interviews"], serde_json::json!([]));
    viva.interview(1);
}
