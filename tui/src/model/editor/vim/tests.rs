//! Vim's keys as one presses them; `|` is the cursor.

use super::*;

const ROOM: Room = Room { columns: 40, rows: 10 };

/// An editor in normal mode, with what `p` puts.
struct Vi {
    editor: Editor,
    copied: String,
    last: Done,
}

impl Vi {
    fn new(text: &str) -> Self {
        let caret = text.find('|').unwrap();
        let mut editor = Editor::lines(&text.replace('|', ""));
        editor.buffer.go(caret, false);
        editor.vim.mode = Mode::Normal;
        Self { editor, copied: String::new(), last: Done::default() }
    }

    /// Presses keys: `\x1b` is Esc, `\x12` is Ctrl+R.
    fn press(&mut self, keys: &str) -> &mut Self {
        for c in keys.chars() {
            let key = match c {
                '\x1b' => KeyCode::Esc.into(),
                '\x12' => KeyEvent::new(KeyCode::Char('r'), KeyModifiers::CONTROL),
                '\n' => KeyCode::Enter.into(),
                c => KeyCode::Char(c).into(),
            };
            self.last = self.editor.vim_key(key, ROOM, &self.copied);
            if let Some(taken) = self.last.taken.take() {
                self.copied = taken;
            }
            if !self.last.is_command {
                self.editor.key_in(key, ROOM);
            }
        }
        self
    }

    fn seen(&self) -> String {
        let mut text = self.editor.text();
        text.insert(self.editor.buffer.caret(), '|');
        text
    }
}

fn after(text: &str, keys: &str) -> String {
    Vi::new(text).press(keys).seen()
}

#[test]
fn the_cursor_moves_by_character_word_and_line() {
    let text = "one, two\n\nthree four";
    for (from, keys, to) in [
        ("|one, two\n\nthree four", "l", "o|ne, two\n\nthree four"),
        ("|one, two\n\nthree four", "h", "|one, two\n\nthree four"),
        ("|one, two\n\nthree four", "w", "one|, two\n\nthree four"),
        ("|one, two\n\nthree four", "ww", "one, |two\n\nthree four"),
        ("one, two\n\nthree |four", "b", "one, two\n\n|three four"),
        ("one, two\n\nthree |four", "bbbb", "|one, two\n\nthree four"),
        ("|one, two\n\nthree four", "e", "on|e, two\n\nthree four"),
        ("on|e, two\n\nthree four", "ee", "one, tw|o\n\nthree four"),
        ("one, t|wo\n\nthree four", "0", "|one, two\n\nthree four"),
        ("one, |two\n\nthree four", "$", "one, tw|o\n\nthree four"),
        ("one, t|wo\n\nthree four", "G", "one, two\n\n|three four"),
        ("one, two\n\nthree fo|ur", "gg", "|one, two\n\nthree four"),
        ("one|, two\n\nthree four", "jj", "one, two\n\nthr|ee four"),
        ("one, two\n\nthr|ee four", "kk", "one|, two\n\nthree four"),
        ("one, tw|o\n\nthree four", "l", "one, tw|o\n\nthree four"),
        ("one, two\n\nthree fou|r", "wwee", "one, two\n\nthree fou|r"),
    ] {
        assert_eq!(after(from, keys), to, "{keys} in {from:?}");
        assert_eq!(from.replace('|', ""), text);
    }
}

#[test]
fn text_is_typed_only_in_insert_mode() {
    for (keys, to) in [
        ("iX", "one tX|wo\nend"),
        ("aX", "one twX|o\nend"),
        ("IX", "X|one two\nend"),
        ("AX", "one twoX|\nend"),
        ("oX", "one two\nX|\nend"),
        ("OX", "X|\none two\nend"),
        ("iX\x1b", "one t|Xwo\nend"),
        ("Zz!", "one t|wo\nend"),
    ] {
        assert_eq!(after("one t|wo\nend", keys), to, "{keys:?}");
    }
    assert_eq!(after("end|", "\x1b"), "en|d", "the cursor is on a character");
}

#[test]
fn commands_delete_and_replace() {
    for (from, keys, to) in [
        ("one |two three", "x", "one |wo three"),
        ("one tw|o", "x", "one t|w"),
        ("one |two three", "dw", "one |three"),
        ("one |two\nthree", "dw", "one| \nthree"),
        ("one |two three", "cwX\x1b", "one |X three"),
        ("one two |three", "db", "one |three"),
        ("one t|wo three", "de", "one t| three"),
        ("one |two\nthree", "D", "one| \nthree"),
        ("one |two\nthree", "Cx\x1b", "one |x\nthree"),
        ("one t|wo", "d0", "|wo"),
        ("a\nb|c\nd", "dd", "a\n|d"),
        ("a\nb|c", "dd", "|a"),
        ("b|c", "dd", "|"),
        ("a\nb|c\nd", "ccX", "a\nX|\nd"),
        ("a|a\nb\nc", "dj", "|c"),
        ("a\nb\n|c", "dk", "|a"),
        ("a\n|b\nc", "dG", "|a"),
        ("on|e 👩\u{200d}👧 two", "wx", "one | two"),
        ("|one", "dz", "|one"),
    ] {
        assert_eq!(after(from, keys), to, "{keys:?} in {from:?}");
    }
}

#[test]
fn deleted_and_copied_text_is_put_as_a_part_or_as_lines() {
    assert_eq!(after("|one two", "dwp"), "tone |wo");
    assert_eq!(after("|a\nb\nc", "ddp"), "b\n|a\nc");
    assert_eq!(after("|a\nb", "yyjp"), "a\nb\n|a");
    assert_eq!(after("|a", "p"), "|a", "nothing was copied");
    let mut vi = Vi::new("|one two");
    vi.press("yw");
    assert_eq!((vi.copied.as_str(), vi.last.is_copied, vi.last.has_changed), ("one ", true, false));
    vi.press("x");
    assert_eq!((vi.copied.as_str(), vi.last.is_copied), ("o", false));
}

#[test]
fn visual_mode_selects_with_the_character_under_the_cursor() {
    let mut vi = Vi::new("one |two three");
    vi.press("ve");
    assert_eq!((vi.editor.marked(), vi.editor.mode_name()), (Some(4..7), Some("visual")));
    vi.press("d");
    assert_eq!((vi.seen().as_str(), vi.editor.mode_name()), ("one | three", Some("normal")));
    assert_eq!(after("one tw|o", "vbd"), "one| ");
    assert_eq!(after("one |two three", "vecX\x1b"), "one |X three");
    assert_eq!(after("o|ne two", "vyw"), "one |two");
    assert_eq!(after("|one two", "yewvep"), "one on|e");
    let mut vi = Vi::new("|one");
    vi.press("v\x1b");
    assert_eq!((vi.editor.marked(), vi.last.is_command), (None, true));
}

#[test]
fn undo_and_redo_are_u_and_ctrl_r() {
    let mut vi = Vi::new("|one two");
    assert_eq!(vi.press("dwu").editor.text(), "one two");
    assert_eq!(vi.press("\x12").editor.text(), "two");
}

#[test]
fn esc_ends_a_command_before_it_leaves_the_text() {
    let mut vi = Vi::new("|one");
    assert!(vi.press("d\x1b").last.is_command);
    assert!(!vi.press("\x1b").last.is_command, "the app handles it");
    let mut vi = Vi::new("|one");
    assert!(vi.press("i\x1b").last.is_command);
}

#[test]
fn keys_that_edit_without_vim_do_nothing_in_normal_mode() {
    let mut vi = Vi::new("one |two");
    for c in ['h', 'j', 'k', 'm', 'u', 'w'] {
        let key = KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
        let done = vi.editor.vim_key(key, ROOM, "");
        assert_eq!((done.is_command, done.has_changed), (true, false), "{c}");
    }
    assert_eq!(vi.press("\n").editor.text(), "one two");
    let submit = KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL);
    assert!(!vi.editor.vim_key(submit, ROOM, "").is_command, "the app's own keys stay");
}
