//! API keys: creating, listing and revoking them, and using a server with one.

use crate::support::{ANSWER, Ran, Server, Viva};

/// Runs a command on the same server with nothing but a key.
fn with_key(server: &Server, key: &str, arguments: &[&str]) -> Ran {
    let viva = Viva::on(&server.url);
    viva.command(arguments).env("VIVA_API_KEY", key).output().unwrap().into()
}

#[test]
fn a_key_is_printed_once_used_from_the_environment_and_revoked() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    viva.sign_up("ana");
    let made = viva.run(&["api-key", "create", "nightly run", "--expires", "90"]);
    assert_eq!(made.code, 0, "{made:?}");
    let key = made.out.trim();
    assert!(key.starts_with("viva_") && key.len() == 64, "{made:?}");
    assert!(made.err.contains("read, practise, grade; works until"), "{made:?}");

    let whoami = with_key(&server, key, &["whoami", "--json"]);
    assert_eq!(whoami.json()["user"]["username"], "ana", "{whoami:?}");
    let new = ["interview", "new", "--role", "Backend engineer", "--count", "1"];
    assert_eq!(with_key(&server, key, &new).code, 0);
    let answer = ["interview", "answer", "latest", "--question", "1", "--text", ANSWER];
    let answered = with_key(&server, key, &answer);
    assert_eq!(answered.code, 0, "{answered:?}");

    let listed = viva.run(&["api-key", "list"]);
    assert!(listed.out.contains("nightly run") && listed.out.contains(&key[..13]), "{listed:?}");
    let doctor = with_key(&server, key, &["doctor"]);
    assert!(doctor.out.contains("VIVA_API_KEY, of ana"), "{doctor:?}");
    for printed in [&listed.out, &listed.err, &doctor.out, &doctor.err] {
        assert!(!printed.contains(&key[14..]), "{printed}");
    }

    let id = viva.json(&["api-key", "list"])["api_keys"][0]["id"].to_string();
    assert_eq!(viva.run(&["api-key", "revoke", &id]).code, 0);
    let refused = with_key(&server, key, &["interview", "list"]);
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(refused.err.contains("VIVA_API_KEY"), "{refused:?}");
    let again = viva.run(&["api-key", "revoke", &id]);
    assert_eq!(again.code, 3);
    assert!(again.err.contains("viva api-key list"), "{again:?}");
}

#[test]
fn a_key_does_only_what_its_scope_allows() {
    let server = Server::start();
    let viva = Viva::on(&server.url);
    viva.sign_up("ana");
    let made = viva.json(&["api-key", "create", "reads", "--scope", "read"]);
    assert_eq!(made["api_key"]["scopes"], serde_json::json!(["SCOPE_READ"]));
    let key = made["secret"].as_str().unwrap();
    assert_eq!(with_key(&server, key, &["interview", "list"]).code, 0);
    let new = with_key(&server, key, &["interview", "new", "--role", "Dev", "--count", "1"]);
    assert_eq!(new.code, 1, "{new:?}");
    assert!(new.err.contains("lacks the scope practise"), "{new:?}");
    assert_eq!(with_key(&server, key, &["api-key", "create", "another"]).code, 1);
}

#[test]
fn signing_in_is_refused_with_a_key_and_a_malformed_key_is_a_wrong_setting() {
    let server = Server::start();
    let bad = with_key(&server, "hunter2", &["whoami"]);
    assert_eq!(bad.code, 2, "{bad:?}");
    assert!(bad.err.contains("VIVA_API_KEY") && !bad.err.contains("hunter2"), "{bad:?}");
    let unknown = format!("viva_{}", "1".repeat(59));
    for command in ["login", "logout", "register"] {
        let ran = with_key(&server, &unknown, &[command]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains("Unset it"), "{ran:?}");
    }
    let ran = with_key(&server, &unknown, &["whoami"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(!ran.err.contains(&unknown), "{ran:?}");
}
