//! The palette, which leads from every screen to everything.

use std::fs;

use crate::support::{Terminal, begin_interview, key};

const CTRL_P: &str = "\x10";

#[test]
fn a_theme_found_by_its_letters_is_used_and_saved_in_the_settings() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["starts your first interview"]);
    terminal.send(CTRL_P);
    terminal.see(&["All commands", "> "]);
    terminal.send("gruv");
    terminal.see(&["> Theme: Gruvbox dark"]);
    terminal.send(key::ENTER);
    terminal.see(&["The theme is now Gruvbox dark."]);
    // The theme's accent on its background.
    terminal.see_sent("38;2;131;165;152");
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    let settings = fs::read_to_string(home.path().join(".config/viva/config.toml")).unwrap();
    assert_eq!(settings, "viva_theme = \"gruvbox\"\n");
}

#[test]
fn from_the_middle_of_an_answer_it_leads_to_the_list_and_back_and_keeps_the_text() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 2);
    terminal.send("half an answer");
    terminal.see(&["3 words"]);
    terminal.send(CTRL_P);
    terminal.send("your int");
    terminal.see(&["> Go to your interviews"]);
    terminal.send(key::ENTER);
    terminal.see(&["> Rust backend engineer", "0 of 2"]);
    terminal.send(CTRL_P);
    terminal.send("rust mid today");
    terminal.see(&["> Rust backend engineer · mid"]);
    terminal.send(key::ENTER);
    terminal.see(&["│ half an answer", "3 words"]);
}
