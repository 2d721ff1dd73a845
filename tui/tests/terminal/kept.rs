//! The app continues with a draft that an earlier version has written (`server/tests/kept`).

use std::{fs, path::PathBuf};

use crate::support::{Terminal, key};

#[test]
fn the_app_continues_with_an_earlier_versions_draft() {
    let home = tempfile::tempdir().unwrap();
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../server/tests/kept");
    let data = home.path().join(".local/share/viva");
    let drafts = data.join("drafts/local");
    fs::create_dir_all(&drafts).unwrap();
    fs::copy(kept.join("viva.db"), data.join("viva.db")).unwrap();
    fs::copy(kept.join("draft-2-5.json"), drafts.join("2-5.json")).unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["Continue    Rust engineer", "17 words", "2.7", "0.5"]);
    terminal.send(key::ENTER);
    terminal.see(&["2 of 2", "A draft of before: each thread owns its stack", "17 words"]);
    terminal.send(" And it ends well.");
    terminal.see(&["21 words"]);
    terminal.send(key::CTRL_D);
    terminal.see(&["Submit 21 words?"]);
    terminal.send(key::ENTER);
    terminal.see(&["Report · Rust engineer", "2 of 2 evaluated"]);
    assert_eq!(fs::read_dir(&drafts).unwrap().count(), 0, "the server has the answer");
    terminal.send("q");
    terminal.see(&["> Rust engineer"]);
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
}
