//! The app opens what an earlier version has written (`server/tests/kept`) and continues with it.

use std::{fs, path::PathBuf};

use crate::support::{Server, Viva};

fn kept(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../server/tests/kept").join(name)
}

#[test]
fn the_built_in_server_continues_with_an_earlier_versions_file() {
    let viva = Viva::new();
    fs::create_dir_all(viva.data()).unwrap();
    fs::copy(kept("viva.db"), viva.data().join("viva.db")).unwrap();
    let list = viva.json(&["interview", "list"]);
    assert_eq!(list["interviews"].as_array().unwrap().len(), 2, "{list}");
    let overall =
        |id: &str| viva.json(&["report", id])["report"]["overall_score"].as_f64().unwrap();
    assert!((overall("1") - 0.5).abs() < 1e-9 && (overall("2") - 2.75).abs() < 1e-9);
    let ran = viva.run(&[
        "interview",
        "answer",
        "1",
        "--question",
        "3",
        "--text",
        "It depends on the load.",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(viva.run(&["progress"]).code, 0);
}

#[test]
fn a_session_and_a_key_of_an_earlier_version_still_work() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["viva.db", "secret_key"] {
        fs::copy(kept(name), folder.path().join(name)).unwrap();
    }
    let server = Server::start_in(folder, None);
    let viva = Viva::on(&server.url);
    let port = server.url.rsplit(':').next().unwrap();
    // The session was stored for another port.
    let session = fs::read_to_string(kept("session.json")).unwrap().replace("50951", port);
    viva.file(&format!(".local/share/viva/sessions/http_127.0.0.1_3a{port}.json"), &session);
    let me = viva.run(&["whoami"]);
    assert!(me.code == 0 && me.out.starts_with("Jose\u{301} Mari\u{301}a <"), "{me:?}");
    let list = viva.json(&["interview", "list"]);
    assert_eq!(ids(&list).len(), 1, "{list}");

    let key = "viva_nKGa9ste_wwp4svLapnPwhphniZ6X48FgYaK6vwUvHqJUnwzjyWGYLe9aZv";
    let by_key = Viva::on(&server.url)
        .command(&["interview", "list", "--json"])
        .env("VIVA_API_KEY", key)
        .output()
        .unwrap();
    assert!(by_key.status.success(), "{by_key:?}");
    let by_key: serde_json::Value = serde_json::from_slice(&by_key.stdout).unwrap();
    assert_eq!(ids(&by_key), ids(&list), "{by_key}");
}

/// The ids of the interviews in a list. Its other fields change while the server evaluates the
/// waiting answer of the kept database.
fn ids(list: &serde_json::Value) -> Vec<i64> {
    let interviews = list["interviews"].as_array().unwrap();
    interviews.iter().map(|interview| interview["id"].as_i64().unwrap()).collect()
}

#[test]
fn an_earlier_versions_settings_file_with_every_setting_is_read() {
    let viva = Viva::new();
    let file = kept("every-setting.toml");
    let ran = viva.run(&["--config", file.to_str().unwrap(), "config", "show"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for line in ["viva_server = \"http://127.0.0.1:50951\"", "viva_theme = \"light\""] {
        assert!(ran.out.contains(line), "{ran:?}");
    }
}
