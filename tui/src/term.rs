//! The terminal while the app has it: taken over on entering, given back on every way out, be it
//! the end, a panic, a signal, the shell's job control or an external editor.

use std::{
    io::{self, Stdout, stdout},
    panic,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use crossterm::{
    cursor::Show,
    event::{DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange},
    execute,
    style::{Attribute, SetAttribute},
    terminal::{
        Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
        enable_raw_mode,
    },
};
use ratatui::{Terminal, backend::CrosstermBackend, layout::Size};

use crate::{model::Model, view};

/// Whether the terminal is taken over now; the panic hook knows no other way to tell.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal, taken over. Dropping it gives the terminal back.
pub(crate) struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Screen {
    /// Takes the terminal over.
    pub(crate) fn take() -> io::Result<Self> {
        take()?;
        Ok(Self { terminal: Terminal::new(CrosstermBackend::new(stdout()))? })
    }

    /// Draws the model, where it differs from what is there.
    pub(crate) fn draw(&mut self, model: &Model) -> io::Result<()> {
        self.terminal.draw(|frame| view::draw(model, frame)).map(drop)
    }

    /// Columns and rows.
    pub(crate) fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    /// Takes it over again after it was given back, or after a shell had it unasked.
    pub(crate) fn take_again(&mut self) -> io::Result<()> {
        // A shell changes the mode behind our back, and one that is thought to be set is not set.
        disable_raw_mode()?;
        take()?;
        self.forget()
    }

    /// Clears it, so that the next frame writes every cell.
    pub(crate) fn repaint(&mut self) -> io::Result<()> {
        // Another program may have changed anything.
        enter()?;
        self.forget()
    }

    fn forget(&mut self) -> io::Result<()> {
        // A new one, which knows nothing of what is shown. To clear the old one would ask the
        // terminal for its cursor, and one that does not answer would end the app.
        self.terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Makes a panic of the thread that draws give the terminal back before it is reported. `rescue`
/// runs first. A panic of another thread goes to the log, for the screen stays in use.
pub(crate) fn guard_panics(rescue: impl Fn() + Send + Sync + 'static) {
    let drawing = thread::current().id();
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == drawing {
            rescue();
            give_back();
            report(info);
        } else if TAKEN.load(Ordering::SeqCst) {
            tracing::error!(%info, "a panic beside the screen");
        } else {
            report(info);
        }
    }));
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let entered = enter();
    if entered.is_err() {
        give_back();
    }
    entered
}

fn enter() -> io::Result<()> {
    execute!(
        stdout(),
        EnterAlternateScreen,
        // Cells are cleared in the colours that are set.
        SetAttribute(Attribute::Reset),
        Clear(ClearType::All),
        EnableBracketedPaste,
        EnableFocusChange
    )
}

/// Gives the terminal back, if it is taken.
pub(crate) fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // The terminal may be gone; then there is nobody to give it back to.
        let _ = execute!(
            stdout(),
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

    /// Names the file that the rescue writes, and tells the inner test that it is meant.
    const RESCUED: &str = "VIVA_TEST_RESCUED";

    #[test]
    fn a_panic_rescues_the_draft_gives_the_terminal_back_and_is_reported() {
        let home = tempfile::tempdir().unwrap();
        let rescued = home.path().join("rescued");
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(["--exact", "term::tests::panics_on_the_screen", "--ignored", "--nocapture"]);
        command.env(RESCUED, &rescued);
        // A long report would scroll its first line away.
        command.env("RUST_BACKTRACE", "0");
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut output = Vec::new();
        // The read ends with an error where the terminal goes with its last program.
        let _ = pair.master.try_clone_reader().unwrap().read_to_end(&mut output);
        assert!(!child.wait().unwrap().success());
        let cells = |count| NonZeroU16::new(count).unwrap();
        let mut parser = vt100::Parser::new(cells(24), cells(80), 0);
        parser.process(&output);
        let screen = parser.screen();
        assert!(String::from_utf8_lossy(&output).contains("\x1b[?1049h"), "it was taken over");
        assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
        assert!(screen.contents().contains("a fault of the app"), "{}", screen.contents());
        assert_eq!(fs::read(rescued).unwrap(), b"rescued");
    }

    #[test]
    #[ignore = "run by the test above, in a terminal of its own"]
    fn panics_on_the_screen() {
        let Some(rescued) = std::env::var_os(RESCUED).map(PathBuf::from) else {
            return;
        };
        guard_panics(move || fs::write(&rescued, "rescued").unwrap());
        let _screen = Screen::take().unwrap();
        panic!("a fault of the app");
    }
}
