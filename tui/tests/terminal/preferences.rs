//! The real program's window title, notifications and settings, and its silence when idle.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use crate::support::{Terminal, answer, begin_interview, key};

/// How many bytes the program writes within this time. Silence cannot be waited for, only watched.
fn bytes_within(terminal: &Terminal, time: Duration) -> usize {
    let before = terminal.sent().len();
    thread::sleep(time);
    terminal.sent().len() - before
}

#[test]
fn an_idle_screen_writes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    answer(&mut terminal);
    terminal.see(&["1 of 1 evaluated"]);
    for keys in ["", "\x1b", "s", "\x1b", ",", "\x1b", "n"] {
        terminal.send(keys);
        // The screen may still change in the first second after the key.
        let deadline = Instant::now() + Duration::from_secs(30);
        while bytes_within(&terminal, Duration::from_millis(700)) > 0 {
            assert!(
                Instant::now() < deadline,
                "the screen never stops changing:\n{}",
                terminal.contents()
            );
        }
        let written = bytes_within(&terminal, Duration::from_millis(2_300));
        assert_eq!(written, 0, "after {keys:?}:\n{}", terminal.contents());
    }
}

#[test]
fn the_window_has_a_title_and_gets_its_previous_one_back() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see_sent("\x1b[22;2t");
    terminal.see_sent("\x1b]2;viva\x07");
    begin_interview(&mut terminal, 1);
    terminal.see_sent("\x1b]2;viva · 1/1 Rust backend engineer\x07");
    terminal.send(key::ESC);
    terminal.see(&["Continue"]);
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    terminal.see_it_given_back();
    let sent = String::from_utf8_lossy(&terminal.sent()).into_owned();
    assert_eq!(sent.matches("\x1b[22;2t").count(), 1);
    assert!(sent.contains("\x1b]2;\x07\x1b[23;2t"));
}

#[test]
fn a_report_that_is_ready_notifies_without_focus() {
    let home = tempfile::tempdir().unwrap();
    let settings = [("VIVA_NOTIFICATIONS", "osc777"), ("VIVA_BELL", "on")];
    let mut terminal = Terminal::start_with(home.path(), &[], &settings);
    begin_interview(&mut terminal, 1);
    terminal.see(&["0 words"]);
    terminal.send("I would measure first, then change one thing, and measure again.");
    terminal.see(&["11 words"]);
    terminal.send(key::CTRL_D);
    terminal.see(&["Submit 11 words?"]);
    terminal.send("\x1b[O");
    terminal.send(key::ENTER);
    let told = "\x1b]777;notify;Viva;The report is ready: Rust backend engineer\x1b\\\x07";
    terminal.see_sent(told);
}

#[test]
fn the_mouse_is_left_to_the_terminal_unless_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["starts your first interview"]);
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    assert!(!String::from_utf8_lossy(&terminal.sent()).contains("\x1b[?1002"));

    let mut terminal = Terminal::start_with(home.path(), &[], &[("VIVA_MOUSE", "on")]);
    terminal.see(&["Choose for yourself"]);
    terminal.see_sent("\x1b[?1002h\x1b[?1006h");
    let row =
        terminal.contents().lines().position(|line| line.contains("Choose for yourself")).unwrap()
            + 1;
    let click = format!("\x1b[<0;10;{row}M\x1b[<0;10;{row}m");
    terminal.send(&click);
    terminal.see(&["> 5"]);
    terminal.send(&click);
    terminal.see(&["New interview"]);
    terminal.send(key::ESC);
    terminal.see(&["starts your first interview"]);
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    terminal.see_it_given_back();
    terminal.see_sent("\x1b[?1002l\x1b[?1006l");
}

#[test]
fn saving_settings_keeps_the_files_comments() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".config/viva/config.toml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "# mine\nviva_bell = \"off\" # at night\n").unwrap();
    let mut terminal = Terminal::start_with(home.path(), &[], &[("VIVA_THEME", "")]);
    terminal.see(&["starts your first interview"]);
    terminal.send(",");
    terminal.see(&["Settings", "[auto]", "Kept in", "config.toml"]);
    terminal.send("jj\x1b[C");
    terminal.see(&["[on]"]);
    terminal.send("jjj\r");
    terminal.send("\x15ed -v\r");
    terminal.see(&["ed -v"]);
    terminal.send(key::ESC);
    terminal.see(&["starts your first interview"]);
    terminal.send("q");
    assert_eq!(terminal.end(), 0);
    let kept = fs::read_to_string(&file).unwrap();
    assert_eq!(kept, "# mine\nviva_bell = \"on\" # at night\n\nviva_editor = \"ed -v\"\n");
}
