//! A terminal that runs the program. Tests wait for text on the screen, never for time.

use std::{
    io::{Read as _, Write as _},
    num::NonZeroU16,
    path::Path,
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use vt100::{Color, Parser};

/// When a waiting test gives up. It only decides how long a failure takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// An answer that is long enough to be stored.
pub(crate) const ANSWER: &str = "I would ask a colleague about it and then think again.";

/// The program in a terminal of 80 columns and 24 rows.
pub(crate) struct Terminal {
    screen: Arc<Screen>,
    keys: Box<dyn std::io::Write + Send>,
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
}

/// The terminal's content, and a signal for tests that wait for it to change.
struct Screen {
    parser: Mutex<Parser>,
    /// Everything that the program has written.
    sent: Mutex<Vec<u8>>,
    changed: Condvar,
}

impl Screen {
    fn process(&self, bytes: &[u8]) {
        self.parser.lock().unwrap().process(bytes);
        self.changed.notify_all();
    }
}

const FRAME_BEGIN: &[u8] = b"\x1b[?2026h";
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// How many of these bytes a terminal that knows synchronized updates shows: all but a frame that has not
/// ended. A test that saw half a frame would take the rest of the previous one for what it waits for.
fn whole_frames(bytes: &[u8]) -> usize {
    let last = |mark: &[u8]| bytes.windows(mark.len()).rposition(|window| window == mark);
    match last(FRAME_BEGIN) {
        Some(begin) if last(FRAME_END) < Some(begin) => begin,
        _ => {
            let cut =
                (1..FRAME_BEGIN.len()).rev().find(|&len| bytes.ends_with(&FRAME_BEGIN[..len]));
            bytes.len() - cut.unwrap_or(0)
        }
    }
}

impl Terminal {
    /// Starts `viva` with only a home in its environment.
    pub(crate) fn start(home: &Path, arguments: &[&str]) -> Self {
        Self::start_with(home, arguments, &[])
    }

    /// The same, with these settings as well.
    pub(crate) fn start_with(home: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_viva"));
        command.args(arguments);
        Self::run_in(home, command, settings)
    }

    /// Starts a shell with these commands instead of the program.
    pub(crate) fn start_shell(home: &Path, commands: &str, settings: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", commands]);
        Self::run_in(home, command, &[settings, &[("PATH", "/usr/bin:/bin")]].concat())
    }

    fn run_in(home: &Path, mut command: CommandBuilder, settings: &[(&str, &str)]) -> Self {
        command.env_clear();
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        // This terminal does not reply when asked for its background.
        command.env("VIVA_THEME", "dark");
        // Models that run on this machine do not concern the tests.
        command.env("VIVA_LOCAL_MODEL_PORTS", "off");
        command.env("EDITOR", "sh -c 'printf \"and from the editor\" >> \"$0\"'");
        for (name, value) in settings {
            command.env(name, value);
        }
        Self::run(command)
    }

    fn run(command: CommandBuilder) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let parser = Parser::new(cells(24), cells(80), 0);
        let screen = Arc::new(Screen {
            parser: Mutex::new(parser),
            sent: Mutex::default(),
            changed: Condvar::new(),
        });
        let mut output = pair.master.try_clone_reader().unwrap();
        let shown = screen.clone();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            let mut unseen = Vec::new();
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                shown.sent.lock().unwrap().extend(&bytes[..count]);
                unseen.extend(&bytes[..count]);
                let whole = whole_frames(&unseen);
                shown.process(unseen.drain(..whole).as_slice());
            }
            shown.process(&unseen);
        });
        let keys = pair.master.take_writer().unwrap();
        Self { screen, keys, master: pair.master, child }
    }

    /// Waits until the screen shows all of these.
    #[track_caller]
    pub(crate) fn see(&self, texts: &[&str]) {
        self.wait(&format!("{texts:?}"), |screen| {
            let contents = screen.contents();
            texts.iter().all(|text| contents.contains(text))
        });
    }

    /// Waits until the screen shows one of these.
    #[track_caller]
    pub(crate) fn see_one_of(&self, texts: &[&str]) {
        self.wait(&format!("one of {texts:?}"), |screen| {
            let contents = screen.contents();
            texts.iter().any(|text| contents.contains(text))
        });
    }

    /// Waits until the screen no longer shows this.
    #[track_caller]
    pub(crate) fn see_no_more(&self, text: &str) {
        self.wait(&format!("no {text:?}"), |screen| !screen.contents().contains(text));
    }

    /// Waits until a line of the screen satisfies the condition.
    #[track_caller]
    pub(crate) fn see_line(&self, what: &str, is_it: impl Fn(&str) -> bool) {
        self.wait(what, |screen| screen.contents().lines().any(&is_it));
    }

    /// Waits until words of an answer are marked as quoted: in the accent's colour and underlined.
    #[track_caller]
    pub(crate) fn see_quotes(&self) {
        self.wait("a quote", |screen| {
            let (rows, columns) = screen.size();
            let mut cells =
                (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |at| (row, at)));
            cells.any(|(row, column)| {
                let cell = screen.cell(row, column);
                cell.is_some_and(|cell| cell.underline() && cell.fgcolor() == Color::Idx(6))
            })
        });
    }

    /// Waits until something on the screen has this one of the terminal's 16 colours.
    #[track_caller]
    pub(crate) fn see_colour(&self, colour: u8) {
        self.wait(&format!("the colour {colour}"), |screen| {
            let (rows, columns) = screen.size();
            let mut cells =
                (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |at| (row, at)));
            cells.any(|(row, column)| {
                screen.cell(row, column).is_some_and(|cell| cell.fgcolor() == Color::Idx(colour))
            })
        });
    }

    /// Every cell with its style.
    pub(crate) fn picture(&self) -> Vec<String> {
        picture(self.screen.parser.lock().unwrap().screen())
    }

    /// Waits until the program has written these bytes.
    #[track_caller]
    pub(crate) fn see_sent(&self, bytes: &str) {
        self.wait(&format!("{bytes:?} sent"), |_| {
            String::from_utf8_lossy(&self.sent()).contains(bytes)
        });
    }

    /// Another program writes over every cell.
    pub(crate) fn scribble(&self) {
        let mut parser = self.screen.parser.lock().unwrap();
        let (rows, columns) = parser.screen().size();
        let line = "#".repeat(columns.get().into());
        parser.process(b"\x1b[0;31;42m");
        for row in 1..=rows.get() {
            parser.process(format!("\x1b[{row};1H{line}").as_bytes());
        }
    }

    /// Waits until no trace of that is left.
    #[track_caller]
    pub(crate) fn see_no_scribble(&self) {
        self.wait("no scribble", |screen| {
            let (rows, columns) = screen.size();
            let mut cells =
                (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |at| (row, at)));
            !cells.any(|(row, column)| {
                screen.cell(row, column).is_some_and(|cell| cell.bgcolor() == Color::Idx(2))
            })
        });
    }

    /// Waits until the terminal has its original modes again.
    #[track_caller]
    pub(crate) fn see_it_given_back(&self) {
        self.wait("the terminal given back", |screen| {
            !screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor()
        });
    }

    #[track_caller]
    fn wait(&self, what: &str, mut is_there: impl FnMut(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        let mut parser = self.screen.parser.lock().unwrap();
        while !is_there(parser.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "never saw {what}:\n{}", parser.screen().contents());
            parser = self.screen.changed.wait_timeout(parser, left).unwrap().0;
        }
    }

    /// The text on the screen now.
    pub(crate) fn contents(&self) -> String {
        self.screen.parser.lock().unwrap().screen().contents()
    }

    /// The bytes that the program has written so far.
    pub(crate) fn sent(&self) -> Vec<u8> {
        self.screen.sent.lock().unwrap().clone()
    }

    /// Types a text or sends the bytes of a key.
    pub(crate) fn send(&mut self, text: &str) {
        self.send_bytes(text.as_bytes());
    }

    /// Sends bytes that need not be text.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).unwrap();
        self.keys.flush().unwrap();
    }

    /// Pastes a text as terminals with bracketed paste do.
    pub(crate) fn paste(&mut self, text: &str) {
        self.send(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.screen.parser.lock().unwrap().screen_mut().set_size(cells(rows), cells(columns));
        self.master.resize(size).unwrap();
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        let status = std::process::Command::new("kill").args(["-s", name, &id]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until the program is stopped.
    pub(crate) fn see_it_stopped(&self) {
        let id = self.child.process_id().unwrap().to_string();
        let is_stopped = || {
            let done = std::process::Command::new("ps").args(["-o", "stat=", "-p", &id]).output();
            done.unwrap().stdout.starts_with(b"T")
        };
        let deadline = Instant::now() + PATIENCE;
        while !is_stopped() {
            assert!(Instant::now() < deadline, "it never stopped");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the program has ended and returns its exit code.
    pub(crate) fn end(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < deadline, "it never ended:\n{}", self.contents());
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may already have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn picture(screen: &vt100::Screen) -> Vec<String> {
    let (rows, columns) = screen.size();
    let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |at| (row, at)));
    let cells = cells.filter_map(|(row, column)| screen.cell(row, column));
    cells
        .map(|cell| {
            // A cell that was never written looks like a space.
            let text = if cell.has_contents() { cell.contents() } else { " " };
            let (fg, bg) = (cell.fgcolor(), cell.bgcolor());
            format!("{text}{fg:?}{bg:?}{}{}{}", cell.bold(), cell.inverse(), cell.underline())
        })
        .collect()
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

/// Keys as terminals send them.
pub(crate) mod key {
    pub(crate) const ENTER: &str = "\r";
    pub(crate) const ESC: &str = "\x1b";
    pub(crate) const TAB: &str = "\t";
    pub(crate) const LEFT: &str = "\x1b[D";
    pub(crate) const RIGHT: &str = "\x1b[C";
    pub(crate) const CTRL_C: &str = "\x03";
    pub(crate) const CTRL_D: &str = "\x04";
    pub(crate) const CTRL_E: &str = "\x05";
    pub(crate) const CTRL_J: &str = "\n";
    pub(crate) const CTRL_N: &str = "\x0e";
    pub(crate) const CTRL_O: &str = "\x0f";
    pub(crate) const CTRL_U: &str = "\x15";
}

/// Goes from the empty dashboard to the first question of an interview with this many questions.
pub(crate) fn begin_interview(terminal: &mut Terminal, questions: usize) {
    terminal.see(&["starts your first interview"]);
    terminal.send("n");
    terminal.see(&["New interview", "Role"]);
    terminal.send("Rust backend engineer");
    terminal.send(key::TAB);
    terminal.send(key::TAB);
    terminal.see(&["[5]"]);
    for _ in questions..5 {
        terminal.send(key::LEFT);
    }
    terminal.see(&[&format!("[{questions}]")]);
    terminal.send(key::ENTER);
    terminal.see(&[&format!("1 of {questions}"), "your answer"]);
}

/// Writes an answer to the current question and submits it.
pub(crate) fn answer(terminal: &mut Terminal) {
    terminal.see(&["0 words"]);
    terminal.send(ANSWER);
    terminal.see(&["11 words"]);
    terminal.send(key::CTRL_D);
    terminal.see(&["Submit 11 words?"]);
    terminal.send(key::ENTER);
    terminal.see_no_more("Submit 11 words?");
}
