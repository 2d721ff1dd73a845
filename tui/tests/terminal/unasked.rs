//! What a terminal sends by itself is not a key: late replies, and reports nothing asked for.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::support::{Terminal, begin_interview, key};

const DARK: &str = "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\";
const LIGHT: &str = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\";

/// What terminals send: strings with each kind of end, and each kind of report.
const REPORTS: [&str; 14] = [
    DARK,
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
    "\x1b]52;c;cm5xIQ==\u{9c}",
    "\x1bP>|nrq(370)\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b^nrq:\x1b\\",
    "\x1bXnrq:\x1b\\",
    "\x1b[?62;22c",
    "\x1b[24;80R",
    "\x1b[?2026;2$y",
    "\x1b[?1u",
    "\x1b[8;24;80t",
    "\x1b[<0;12;34M",
    "\x1b[M nr",
];

/// A program that asks this terminal for its background.
fn asking(home: &std::path::Path) -> Terminal {
    let terminal = Terminal::start_with(home, &[], &[("VIVA_THEME", "")]);
    terminal.see_sent("\x1b]11;?");
    terminal
}

/// Waits this long, as on a slow line.
fn slow(milliseconds: u64) {
    thread::sleep(Duration::from_millis(milliseconds));
}

#[test]
fn a_late_reply_does_not_act_as_a_key_and_is_used() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = asking(home.path());
    terminal.see(&["starts your first interview"]);
    terminal.see_colour(6);
    slow(400);
    terminal.send(LIGHT);
    terminal.see_colour(4);
    terminal.send("n");
    terminal.see(&["New interview", "Role"]);
    assert!(!terminal.contents().contains("rgb"), "{}", terminal.contents());
}

#[test]
fn a_reply_in_time_is_used_for_the_first_frame() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = asking(home.path());
    terminal.send(&format!("\x1b]10;rgb:0000/0000/0000\x07{LIGHT}\x1b[?62;22cn"));
    terminal.see(&["New interview", "Role"]);
    let sent = String::from_utf8_lossy(&terminal.sent()).into_owned();
    assert!(sent.contains("38;5;4;") && !sent.contains("38;5;6;"), "{sent:?}");
}

#[test]
fn no_unrequested_report_gets_into_an_answer() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = asking(home.path());
    begin_interview(&mut terminal, 1);
    for report in REPORTS {
        terminal.send(&format!("{report}a"));
    }
    terminal.see(&["│ aaaaaaaaaaaaaa ", "1 word"]);
    for report in REPORTS {
        // A lone escape that the rest follows late is the key.
        for at in (2..report.len()).filter(|at| report.is_char_boundary(*at)) {
            let (one, two) = report.split_at(at);
            terminal.send(one);
            // Long enough for a separate read, too short to notice.
            slow(10);
            terminal.send(two);
        }
        terminal.send("b");
    }
    terminal.see(&["│ aaaaaaaaaaaaaabbbbbbbbbbbbbb ", "1 word"]);
    terminal.send(key::ESC);
    terminal.see(&["Continue", "1 word"]);
}

#[test]
fn an_unterminated_string_swallows_keys_only_briefly() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    for start in ["\x1b]52;c;", "\x1bP1$r", "\x1b_G", "\x1b[?6"] {
        terminal.send(start);
        terminal.send(&"7".repeat(20_000));
        slow(2_500);
        terminal.send("x");
    }
    terminal.see(&["│ xxxx "]);
    // The same happens if the user types on.
    terminal.send("\x1b]52;c;");
    let begun = Instant::now();
    while !terminal.contents().contains("xxxxy") {
        assert!(begun.elapsed() < Duration::from_secs(20), "{}", terminal.contents());
        slow(100);
        terminal.send("y");
    }
}

#[test]
fn escape_and_alt_still_work_as_keys() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    for alt in ["\x1b]", "\x1bP", "\x1b_", "\x1b["] {
        terminal.send(alt);
        slow(250);
        terminal.send(key::ENTER);
        terminal.send("w ");
    }
    terminal.see(&["4 words"]);
    let begun = Instant::now();
    terminal.send(key::ESC);
    terminal.see(&["Continue", "4 words"]);
    assert!(begun.elapsed() < Duration::from_secs(10));
    terminal.send(key::ESC);
    slow(250);
    terminal.send("n");
    terminal.see(&["New interview", "Role"]);
}

#[test]
fn a_report_during_a_paste_is_not_pasted() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    begin_interview(&mut terminal, 1);
    terminal.paste(&format!("one {DARK}two\r\x1b[24;80Rthree"));
    terminal.see(&["│ one two ", "│ three ", "3 words"]);
    terminal.send("\x1b[200~ and no end");
    slow(3_200);
    terminal.send("!");
    terminal.see(&["│ three and no end!"]);
}

#[test]
fn a_reply_that_comes_after_quitting_does_not_reach_the_shell() {
    let home = tempfile::tempdir().unwrap();
    let script =
        format!("{} ; read -r line ; printf 'read:%s.\\n' \"$line\"", env!("CARGO_BIN_EXE_viva"));
    let mut terminal = Terminal::start_shell(home.path(), &script, &[("VIVA_THEME", "")]);
    terminal.see_sent("\x1b]11;?");
    terminal.send("q");
    slow(300);
    terminal.send(&format!("{DARK}\x1b[?62;22c"));
    terminal.see_it_given_back();
    terminal.send("plain\n");
    terminal.see(&["read:plain."]);
}

#[test]
fn an_8_bit_report_or_a_burst_of_reports_is_not_a_key_on_any_screen() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.see(&["starts your first interview"]);
    let flood = REPORTS.concat().repeat(200);
    let disturb = |terminal: &mut Terminal| {
        for bytes in [
            &b"\x9d11;rgb:nnnn/qqqq/????\x9c"[..],
            b"\x90>|nq?\x9c",
            b"\x9b?62;22c",
            b"\xc2\x9d2;nq\x07",
        ] {
            terminal.send_bytes(bytes);
        }
        terminal.send(&flood);
    };
    disturb(&mut terminal);
    terminal.send(":");
    terminal.see(&["All commands"]);
    disturb(&mut terminal);
    terminal.send("abc");
    terminal.see_line("the search text", |line| line.trim_end().ends_with("› abc"));
    terminal.send(key::ESC);
    terminal.see_no_more("› abc");
    disturb(&mut terminal);
    terminal.send("?");
    terminal.see(&["First steps"]);
    disturb(&mut terminal);
    terminal.send(key::ESC);
    terminal.see_no_more("First steps");
    begin_interview(&mut terminal, 1);
    disturb(&mut terminal);
    terminal.send(crate::support::ANSWER);
    terminal.see(&["11 words"]);
    terminal.send(key::CTRL_D);
    terminal.see(&["Submit 11 words?"]);
    disturb(&mut terminal);
    terminal.send(key::ESC);
    terminal.see(&["Ctrl+D submit", "11 words"]);
}

#[test]
fn the_terminal_is_not_asked_for_colours_that_are_set_or_unwanted() {
    for (name, value) in [("NO_COLOR", "1"), ("VIVA_COLOR", "never"), ("VIVA_THEME", "light")] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal =
            Terminal::start_with(home.path(), &[], &[("VIVA_THEME", ""), (name, value)]);
        terminal.see(&["starts your first interview"]);
        terminal.send(DARK);
        terminal.send("n");
        terminal.see(&["New interview", "Role"]);
        let sent = String::from_utf8_lossy(&terminal.sent()).into_owned();
        assert!(!sent.contains("]11;") && !sent.contains("38;5;6;"), "{name}: {sent:?}");
    }
}
