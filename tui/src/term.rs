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
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
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
        Ok(Self {
            terminal: Terminal::new(CrosstermBackend::new(stdout()))?,
        })
    }

    /// Draws the model, where it differs from what is there.
    pub(crate) fn draw(&mut self, model: &Model) -> io::Result<()> {
        self.terminal
            .draw(|frame| view::draw(model, frame))
            .map(drop)
    }

    /// Columns and rows.
    pub(crate) fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    /// Gives the terminal back for a while.
    pub(crate) fn give_back(&mut self) {
        give_back();
    }

    /// Takes it over again after that, whatever is on it now.
    pub(crate) fn take_again(&mut self) -> io::Result<()> {
        take()?;
        self.terminal.clear()
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
    let entered = execute!(
        stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableFocusChange
    );
    if entered.is_err() {
        give_back();
    }
    entered
}

fn give_back() {
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
