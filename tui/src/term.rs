//! The terminal while the app has it: taken over on entry, given back on every way out: the end, a
//! panic, a signal, the shell's job control or an external editor.

mod quiet;

use std::{
    io::{self, Stdout, Write as _, stdout},
    panic,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use crossterm::{
    cursor::Show,
    event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange},
    execute,
    style::{Attribute, SetAttribute},
    terminal::{
        Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
        disable_raw_mode, enable_raw_mode,
    },
};
use ratatui::{Terminal, layout::Size};

use self::quiet::Quiet;
use crate::{
    cli::note,
    model::{Model, preferences::Switch},
    text, view,
};

/// Whether the terminal reports the mouse, and has to be told to stop.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// Whether the terminal is taken over now, for the panic hook, which cannot tell otherwise.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal, taken over. Dropping it gives the terminal back.
pub(crate) struct Screen {
    terminal: Terminal<Quiet<Stdout>>,
    /// The window's current title.
    title: String,
}

/// The terminal's sequence for notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speech {
    /// OSC 9.
    Osc9,
    /// OSC 777.
    Osc777,
}

impl Speech {
    /// The sequence that a terminal probably supports, by its name.
    pub(crate) fn of(get: impl Fn(&str) -> Option<String>) -> Self {
        let term = get("TERM").unwrap_or_default();
        let is_other = ["foot", "rxvt"].iter().any(|name| term.starts_with(name));
        if is_other || get("VTE_VERSION").is_some() { Self::Osc777 } else { Self::Osc9 }
    }
}

impl Screen {
    /// Takes the terminal over.
    pub(crate) fn take() -> io::Result<Self> {
        take()?;
        Ok(Self { terminal: Terminal::new(Quiet::new(stdout()))?, title: String::new() })
    }

    /// Draws the model, and sets the window's title if it has changed.
    pub(crate) fn draw(&mut self, model: &Model) -> io::Result<()> {
        let title = view::title::title(model);
        if title != self.title {
            let mut terminal = stdout().lock();
            write!(terminal, "\x1b]2;{title}\x07")?;
            terminal.flush()?;
            self.title = title;
        }
        report_mouse(model.preferences.mouse == Switch::On)?;
        self.terminal.draw(|frame| view::draw(model, frame)).map(drop)
    }

    /// Columns and rows.
    pub(crate) fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    /// Takes the terminal over again after it was given back or a shell used it.
    pub(crate) fn take_again(&mut self) -> io::Result<()> {
        // A shell changes the mode unnoticed, and crossterm skips a mode that it believes is set.
        disable_raw_mode()?;
        take()?;
        self.forget()
    }

    /// Clears the screen, so that the next frame writes every cell.
    pub(crate) fn repaint(&mut self) -> io::Result<()> {
        // Another program may have changed anything.
        enter()?;
        self.forget()
    }

    fn forget(&mut self) -> io::Result<()> {
        MOUSE.store(false, Ordering::SeqCst);
        // A new terminal, which knows nothing of the screen. Clearing the old one would ask the
        // terminal for its cursor, and one that does not reply would end the app.
        self.terminal = Terminal::new(Quiet::new(stdout()))?;
        self.title.clear();
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Makes a panic of the drawing thread give the terminal back before it is reported, with the log's
/// path. `rescue` runs first. Other threads' panics are only logged: the screen stays in use.
pub(crate) fn guard_panics(log: PathBuf, rescue: impl Fn() + Send + Sync + 'static) {
    let drawing = thread::current().id();
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == drawing {
            rescue();
            give_back();
            tracing::error!(%info, "a panic of the screen");
            report(info);
            note(&format!("viva: What was going on before is in the log: {}", log.display()));
        } else if TAKEN.load(Ordering::SeqCst) {
            tracing::error!(%info, "a panic beside the screen");
        } else {
            report(info);
        }
    }));
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    let was_taken = TAKEN.swap(true, Ordering::SeqCst);
    let kept = if was_taken { Ok(()) } else { say(KEEP_TITLE) };
    let entered = kept.and_then(|()| enter());
    if entered.is_err() {
        give_back();
    }
    entered
}

fn enter() -> io::Result<()> {
    execute!(
        stdout(),
        EnterAlternateScreen,
        // Cells are cleared in the current colours.
        SetAttribute(Attribute::Reset),
        Clear(ClearType::All),
        EnableBracketedPaste,
        EnableFocusChange
    )
}

/// Saves the window's title, and restores it. On a terminal that cannot, the title is empty afterwards, and
/// the shell sets its own.
const KEEP_TITLE: &str = "\x1b[22;2t";
const OLD_TITLE: &str = "\x1b]2;\x07\x1b[23;2t";

/// The buttons and what moves while one is held (1002), as numbers without a limit (1006).
const MOUSE_ON: &str = "\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1002l\x1b[?1006l";

/// Makes the terminal report the mouse, or no longer.
fn report_mouse(is_on: bool) -> io::Result<()> {
    if MOUSE.swap(is_on, Ordering::SeqCst) == is_on {
        return Ok(());
    }
    say(if is_on { MOUSE_ON } else { MOUSE_OFF })
}

/// Writes a sequence and flushes it.
fn say(sequence: &str) -> io::Result<()> {
    let mut terminal = stdout().lock();
    terminal.write_all(sequence.as_bytes())?;
    terminal.flush()
}

/// Makes the terminal notify you in another window.
pub(crate) fn notify(text: &str, speech: Speech, with_bell: bool) -> io::Result<()> {
    // A semicolon would end the text of OSC 777, and begin a command in OSC 9.
    let text = text::neutral_line(text).replace(';', ",");
    let bell = if with_bell { "\x07" } else { "" };
    say(&match speech {
        Speech::Osc9 => format!("\x1b]9;{text}\x1b\\{bell}"),
        Speech::Osc777 => format!("\x1b]777;notify;Viva;{text}\x1b\\{bell}"),
    })
}

/// Copies a text to the terminal's clipboard (OSC 52), if the terminal allows it.
pub(crate) fn copy(text: &str) -> io::Result<()> {
    let mut terminal = stdout().lock();
    write!(terminal, "\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text))?;
    terminal.flush()
}

/// Gives the terminal back, if it is taken.
pub(crate) fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // The terminal may be gone; then there is nothing to give back.
        let _ = report_mouse(false);
        let _ = say(OLD_TITLE);
        let _ = execute!(
            stdout(),
            // A panic may have come within a frame.
            EndSynchronizedUpdate,
            DisableFocusChange,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            Show
        );
        let _ = disable_raw_mode();
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Read as _, num::NonZeroU16, path::PathBuf};

    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    use super::*;

    /// Names the file for the rescued text, and marks a run of the inner test as intended.
    const RESCUED: &str = "VIVA_TEST_RESCUED";

    #[test]
    fn a_panic_rescues_the_draft_gives_the_terminal_back_and_is_reported() {
        let home = tempfile::tempdir().unwrap();
        let rescued = home.path().join("rescued");
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(["--exact", "term::tests::panics_on_the_screen", "--ignored", "--nocapture"]);
        command.env(RESCUED, &rescued);
        // A long report would scroll its first line off the screen.
        command.env("RUST_BACKTRACE", "0");
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut output = Vec::new();
        // The read ends with an error because the terminal goes with its last program.
        let _ = pair.master.try_clone_reader().unwrap().read_to_end(&mut output);
        assert!(!child.wait().unwrap().success());
        let cells = |count| NonZeroU16::new(count).unwrap();
        let mut parser = vt100::Parser::new(cells(24), cells(80), 0);
        parser.process(&output);
        let screen = parser.screen();
        assert!(String::from_utf8_lossy(&output).contains("\x1b[?1049h"), "it was taken over");
        assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
        assert!(screen.contents().contains("a fault of the app"), "{}", screen.contents());
        assert!(screen.contents().contains("in the log: /var/log/viva"), "{}", screen.contents());
        assert_eq!(fs::read(rescued).unwrap(), b"rescued");
    }

    #[test]
    #[ignore = "run by the test above, in a terminal of its own"]
    fn panics_on_the_screen() {
        let Some(rescued) = std::env::var_os(RESCUED).map(PathBuf::from) else {
            return;
        };
        guard_panics("/var/log/viva".into(), move || fs::write(&rescued, "rescued").unwrap());
        let _screen = Screen::take().unwrap();
        panic!("a fault of the app");
    }
}
