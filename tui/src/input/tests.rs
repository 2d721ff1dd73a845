//! The rule, byte by byte: what you type arrives, and what a terminal sends does not.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use proptest::prelude::{any, prop, proptest};

use super::{Colour, Sent, decoder::Decoder};

/// Reports from terminals, requested or not.
const REPORTS: [&[u8]; 50] = [
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x9c",
    b"\x9d11;rgb:1e1e/1e1e/1e1e\x9c",
    b"\xc2\x9d11;rgb:1e1e/1e1e/1e1e\xc2\x9c",
    b"\x1b]10;rgba:ffff/ffff/ffff/ffff\x07",
    b"\x1b]12;#ffffff\x07",
    b"\x1b]4;1;rgb:cdcd/0000/0000\x1b\\",
    b"\x1b]52;c;cm0gLXJmIH4=\x1b\\",
    "\x1b]2;vim „quoted“ Ü œ\x1b\\".as_bytes(),
    b"\x1b]lzsh\x1b\\",
    b"\x1b]1337;ReportCellSize=17.0;8.0;2.0\x1b\\",
    b"\x1b]\x1b\\",
    b"\x1b]8;;\x07",
    b"\x1b]11;rgb:1e1e\x18",
    b"\x1b]11;rgb:1e1e\x1a",
    b"\x1bP>|XTerm(370)\x1b\\",
    b"\x1bP1$r0m\x1b\\",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1bP!|00000000\x07",
    b"\x90>|XTerm\x9c",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b^private\x1b\\",
    b"\x1bXstart of string\x1b\\",
    b"\x9fGi=1;OK\x9c",
    b"\x1b[?62;22c",
    b"\x1b[?1;2c",
    b"\x1b[>41;370;0c",
    b"\x9b?62;22c",
    b"\xc2\x9b?62;22c",
    b"\x1b[=1;0c",
    b"\x1b[24;80R",
    b"\x1b[1;2R",
    b"\x1b[?24;80;1R",
    b"\x1b[0n",
    b"\x1b[?997;1n",
    b"\x1b[?2026;2$y",
    b"\x1b[4;2$y",
    b"\x1b[?0u",
    b"\x1b[?31u",
    b"\x1b[8;24;80t",
    b"\x1b[4;600;800t",
    b"\x1b[48;24;80;480;640t",
    b"\x1b[?2;0;1024S",
    b"\x1b[2;1;1;112;112;1;0x",
    b"\x1b[I",
    b"\x1b[<0;12;34M",
    b"\x1b[<35;12;34m",
    b"\x1b[32;30;40M",
    b"\x1b[M \xc3\x21",
];

struct Keyboard {
    decoder: Decoder,
    now: Instant,
    sent: Vec<Sent>,
}

impl Keyboard {
    fn new() -> Self {
        let now = Instant::now();
        Self { decoder: Decoder::new(now), now, sent: Vec::new() }
    }

    fn read(&mut self, bytes: &[u8]) -> &mut Self {
        self.decoder.read(bytes, false, self.now, &mut self.sent);
        self
    }

    fn wait(&mut self, milliseconds: u64) -> &mut Self {
        self.now += Duration::from_millis(milliseconds);
        self.decoder.wait_is_over(self.now, &mut self.sent);
        self
    }

    /// The keys in words, and texts in brackets.
    fn typed(&mut self) -> String {
        let sent = std::mem::take(&mut self.sent).into_iter();
        sent.filter_map(|sent| match sent {
            Sent::Key(key) => Some(name(key)),
            Sent::Paste(text) => Some(format!("[{text}]")),
            _ => None,
        })
        .collect::<Vec<_>>()
        .join(" ")
    }
}

fn name(key: KeyEvent) -> String {
    let code = match key.code {
        KeyCode::Char(c) => c.to_string(),
        KeyCode::F(n) => format!("F{n}"),
        code => format!("{code:?}"),
    };
    let held = |modifier, name| if key.modifiers.contains(modifier) { name } else { "" };
    let shift = if matches!(key.code, KeyCode::Char(_)) { "" } else { "Shift+" };
    let kind = if key.kind == KeyEventKind::Release { "-" } else { "" };
    let ctrl = held(KeyModifiers::CONTROL, "Ctrl+");
    let alt = held(KeyModifiers::ALT, "Alt+");
    format!("{kind}{ctrl}{alt}{}{code}", held(KeyModifiers::SHIFT, shift))
}

fn typed(bytes: &[u8]) -> String {
    Keyboard::new().read(bytes).wait(2_000).typed()
}

#[test]
fn a_report_is_not_a_key_and_swallows_none() {
    for report in REPORTS {
        let shown = String::from_utf8_lossy(report);
        assert_eq!(typed(report), "", "{shown:?}");
        let among = [b"a", report, report, b"b\r"].concat();
        assert_eq!(typed(&among), "a b Enter", "{shown:?}");
    }
}

#[test]
fn a_report_may_arrive_in_two_parts() {
    for (report, at) in REPORTS.iter().flat_map(|r| (1..r.len()).map(move |at| (r, at))) {
        let shown = String::from_utf8_lossy(report);
        for pause in [0, 90, 900] {
            // The escape that starts every report cannot wait that long.
            if pause == 900 && report[..at] == [0x1b] {
                continue;
            }
            let mut keyboard = Keyboard::new();
            keyboard.read(b"a").read(&report[..at]).wait(pause);
            keyboard.read(&report[at..]).read(b"b").wait(50).read(b"\r");
            assert_eq!(keyboard.typed(), "a b Enter", "{shown:?} at {at}, {pause} ms");
        }
    }
}

#[test]
fn a_report_may_come_byte_by_byte() {
    for report in REPORTS.iter().filter(|report| !is_like_typing(report)) {
        let mut keyboard = Keyboard::new();
        for byte in *report {
            keyboard.read(&[*byte]).wait(30);
        }
        let shown = String::from_utf8_lossy(report);
        assert_eq!(keyboard.read(b"x").typed(), "x", "{shown:?}");
    }
}

/// Alt and a letter, then a letter: coming alone, these look like typing.
fn is_like_typing(report: &[u8]) -> bool {
    matches!(report, [0x1b, b'^' | b'_' | b'X', ..] | [0x1b, b']', b'l', ..])
}

#[test]
fn a_report_after_an_escape_that_was_taken_for_a_key_is_not_text() {
    for report in [&b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"[..], b"\x1b[?62;22c", b"\x1bP>|XTerm\x1b\\"]
    {
        let mut keyboard = Keyboard::new();
        keyboard.read(&report[..1]).wait(400).read(&report[1..]).read(b"x");
        assert_eq!(keyboard.typed(), "Esc x");
    }
    assert_eq!(Keyboard::new().read(b"\x1b").wait(400).read(b"]").read(b"1").typed(), "Esc ] 1");
    assert_eq!(Keyboard::new().read(b"\x1b").wait(400).read(b"[link]").typed(), "Esc [ l i n k ]");
}

#[test]
fn a_reply_that_the_app_waits_for_is_passed_on() {
    let light = |bytes: &[u8]| match Keyboard::new().read(bytes).wait(2_000).sent.as_slice() {
        [Sent::Colour(Colour::Background(light))] => Some(*light > 0.5),
        [] => None,
        other => panic!("{other:?}"),
    };
    assert_eq!(light(b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"), Some(false));
    assert_eq!(light(b"\x1b]11;rgb:ff/ff/ff\x07"), Some(true));
    assert_eq!(light(b"\x9d11;#ffffff\x9c"), Some(true));
    assert_eq!(light(b"\x1b]11;rgb:ffff/ffff/ffff\x1b"), Some(true), "as rxvt ends it");
    assert_eq!(light(b"\x1b]11;rgb:ffff/ffff\x07"), None);
    assert_eq!(light(b"\x1bP11;rgb:ffff/ffff/ffff\x1b\\"), None);
    let text = Keyboard::new().read(b"\x1b]10;rgb:0/0/0\x07").sent.clone();
    assert_eq!(text, [Sent::Colour(Colour::Text(0.0))]);
    assert_eq!(Keyboard::new().read(b"\x1b[?62c").sent, [Sent::Attributes]);
    assert_eq!(Keyboard::new().read(b"\x1b[O").sent, [Sent::FocusLost]);
    assert_eq!(Keyboard::new().read(b"\x1b[I").sent, [Sent::FocusGained]);
}

#[test]
fn keys_are_decoded_whole_or_split() {
    for (bytes, keys) in [
        ("\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F", "Up Down Right Left Home End"),
        ("\x1bOA\x1bOD\x1bOH\x1bOF", "Up Left Home End"),
        ("\x1bOP\x1bOQ\x1bOR\x1bOS\x1b[15~\x1b[24~", "F1 F2 F3 F4 F5 F12"),
        ("\x1b[[A\x1b[[E\x1b[13~\x1b[R", "F1 F5 F3 F3"),
        ("\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~", "Home Insert Delete End PageUp PageDown"),
        ("\x1b[1;5D\x1b[1;2A\x1b[1;3C\x1b[3;5~", "Ctrl+Left Shift+Up Alt+Right Ctrl+Delete"),
        ("\x1b[1;2P\x1b[1;5S\x1b[2D", "Shift+F1 Ctrl+F4 Shift+Left"),
        ("\x1b[Z\x1b[1;2Z", "Shift+BackTab Shift+BackTab"),
        ("\x1b[7$x\x1b[7^\x1b[a\x1bOa", "Shift+Home x Ctrl+Home Shift+Up Ctrl+Up"),
        ("\x1bOM\x1bOj\x1bOp\x1bOy\x1bO2P", "Enter * 0 9 Shift+F1"),
        ("\x1b[97;5u\x1b[97:65;2u\x1b[13;3u\x1b[57400u", "Ctrl+a A Alt+Enter 1"),
        ("\x1b[97;1:3u\x1b[9;2u\x1b[27;5;13~\x1b[27u", "-a Shift+BackTab Ctrl+Enter Esc"),
        ("\r\n\t\x7f\x08\x03\x1f\0", "Enter Ctrl+j Tab Backspace Ctrl+h Ctrl+c Ctrl+7 Ctrl+ "),
        ("aÄ€😀", "a Ä € 😀"),
        ("\x1ba\x1bÄ\x1b\r\x1b\x04\x1b\x7f", "Alt+a Alt+Ä Alt+Enter Ctrl+Alt+d Alt+Backspace"),
        ("\x1b\x1b[A\x1b\x1b", "Esc Up Esc Esc"),
    ] {
        assert_eq!(typed(bytes.as_bytes()), keys, "{bytes:?}");
        for at in (1..bytes.len()).filter(|at| bytes.as_bytes()[at - 1] != 0x1b) {
            let (one, two) = bytes.as_bytes().split_at(at);
            let cut = Keyboard::new().read(one).read(two).wait(2_000).typed();
            assert_eq!(cut, keys, "{bytes:?} at {at}");
        }
    }
}

#[test]
fn an_escape_is_a_key_and_does_not_wait_for_a_letter() {
    assert_eq!(Keyboard::new().read(b"\x1b").wait(100).typed(), "Esc");
    assert_eq!(Keyboard::new().read(b"\x1b").read(b"q").typed(), "Esc q");
    assert_eq!(Keyboard::new().read(b"\x1b").read(b"\x1b").wait(100).typed(), "Esc Esc");
    assert_eq!(Keyboard::new().read(b"\x1b").read(b"\x1bx").typed(), "Esc Alt+x");
    assert_eq!(Keyboard::new().read(b"\x1b").read("ä".as_bytes()).typed(), "Esc ä");
    assert_eq!(Keyboard::new().read(b"\x1b").wait(20).read(b"[").wait(1_000).typed(), "Esc [");
    assert_eq!(typed(b"\x1b\x1b]11;rgb:0/0/0\x07x"), "Esc x");
}

#[test]
fn alt_and_a_letter_that_begins_a_report_are_keys() {
    for letter in "]PX^_[O".chars() {
        let bytes = format!("\x1b{letter}");
        assert_eq!(typed(bytes.as_bytes()), format!("Alt+{letter}"));
        // Typing on loses nothing.
        let mut keyboard = Keyboard::new();
        keyboard.read(bytes.as_bytes()).wait(50).read(b"\r").read(b"y");
        assert_eq!(keyboard.typed(), format!("Alt+{letter} Enter y"));
        if letter != 'O' {
            let mut keyboard = Keyboard::new();
            keyboard.read(bytes.as_bytes()).wait(50).read(b"h").read(b"i");
            assert_eq!(keyboard.typed(), format!("Alt+{letter} h i"));
        }
    }
    assert_eq!(typed(b"\x1b]hello"), "Alt+] h e l l o");
    assert_eq!(typed(b"\x1bPhello"), "Alt+P h e l l o");
    assert_eq!(typed(b"\x1bO5x"), "Alt+O 5 x");
}

#[test]
fn an_endless_string_is_given_up_and_keys_end_it() {
    let mut keyboard = Keyboard::new();
    keyboard.read(b"\x1b]52;c;");
    for _ in 0..1_000 {
        keyboard.read(&[b'A'; 4096]).wait(1);
    }
    assert_eq!(keyboard.wait(1_000).read(b"x").typed(), "x");
    for (key, name) in [
        ("\r", "Enter"),
        ("\x03", "Ctrl+c"),
        ("\x1b[A", "Up"),
        ("\x1b", "Esc"),
        ("\x7f", "Backspace"),
    ] {
        let mut keyboard = Keyboard::new();
        keyboard.read(b"\x1b]52;c;AAAA").wait(200).read(key.as_bytes()).wait(1_000).read(b"x");
        assert_eq!(keyboard.typed(), format!("{name} x"));
    }
    // The user keeps typing.
    let mut keyboard = Keyboard::new();
    keyboard.read(b"\x1b_").read(b"G????");
    let typed = (0..50).map(|_| keyboard.wait(100).read(b"x").typed());
    assert_eq!(typed.filter(|key| key == "x").count(), 11);
}

#[test]
fn a_sequence_that_is_cut_off_swallows_no_key() {
    for start in [
        &b"\x1b["[..],
        b"\x1b[?6",
        b"\x1b[12;3",
        b"\x1b]11;rgb:1e1e/1e",
        b"\x1bP1$r",
        b"\x1b[M!",
        b"\x9b?6",
    ] {
        let mut keyboard = Keyboard::new();
        keyboard.read(start).wait(1_000).typed();
        assert_eq!(keyboard.read(b"x").typed(), "x");
        let keys = typed(&[start, b"\x1b[A", b"x"].concat());
        assert!(keys.ends_with("Up x"), "{keys}");
    }
    let long = [b"\x1b[".as_slice(), &vec![b'1'; 100_000], b"Ax"].concat();
    assert_eq!(typed(&long), "x");
    assert_eq!(typed(b"\xc3x\xff\xfey"), "x y");
}

#[test]
fn a_pasted_text_contains_no_reports() {
    let paste = "\x1b[200~one\rtwö\x1b[201~x".as_bytes();
    assert_eq!(typed(paste), "[one\rtwö] x");
    for at in 1..paste.len() {
        let (one, two) = paste.split_at(at);
        let mut keyboard = Keyboard::new();
        assert_eq!(keyboard.read(one).wait(90).read(two).typed(), "[one\rtwö] x", "at {at}");
    }
    for report in
        REPORTS.iter().filter(|report| report[0] == 0x1b && !report.starts_with(b"\x1b[M"))
    {
        let bytes = [b"\x1b[200~one ", *report, b"two\x1b[201~x"].concat();
        assert_eq!(typed(&bytes), "[one two] x", "{:?}", String::from_utf8_lossy(report));
    }
    assert_eq!(typed(b"\x1b[200~a\x1b]11;b\x1b[201~x"), "[a\x1b]11;b] x", "it has no end");
    assert_eq!(typed(b"\x1b[200~\x1b[201~x\x1b[201~y"), "[] x y");
}

#[test]
fn a_paste_without_end_arrives_and_so_do_later_keys() {
    let mut keyboard = Keyboard::new();
    assert_eq!(keyboard.read(b"\x1b[200~text").wait(3_000).read(b"x").typed(), "[text] x");
    let mut keyboard = Keyboard::new();
    keyboard.read(b"\x1b[200~");
    let mut most = 0;
    for _ in 0..2_000 {
        keyboard.read("ä".repeat(2_048).as_bytes());
    }
    for sent in keyboard.wait(3_000).sent.drain(..) {
        let Sent::Paste(text) = sent else { panic!("{sent:?}") };
        assert!(text.chars().all(|c| c == 'ä') && text.len() < 3 << 20);
        most += text.len();
    }
    assert_eq!(most, 2_000 * 4_096);
}

proptest! {
    #[test]
    fn after_any_input_keys_work_again(
        reads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..8),
        bytes in prop::sample::select(vec![&b"\x1b["[..], b"\x1b]", b"\x1bP", b"", b"\x1b[200~"]),
    ) {
        let mut keyboard = Keyboard::new();
        for read in reads {
            keyboard.read(bytes).read(&read).wait(10);
        }
        keyboard.wait(3_000).typed();
        assert_eq!(keyboard.read(b"x\r").typed(), "x Enter");
        assert!(keyboard.decoder.deadline().is_none());
    }
}
