//! The loop: one queue of messages in, `update`, effects out, a frame. Signals go first, then
//! replies, then keys, then time; a frame is drawn only when nothing waits.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use signal_hook::{consts::SIGTSTP, low_level};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc::UnboundedReceiver,
};

use crate::{
    cli::note,
    drafts::Draft,
    effect::Effect,
    external_editor::{Edited, Handed},
    input::Input,
    model::{Model, link::LinkState},
    msg::{Event, Msg, Reply},
    runner::Runner,
    term::{self, Screen},
    update,
};

/// The step of time while something on the screen moves, and while nothing does.
const LIVELY: Duration = Duration::from_millis(100);
const CALM: Duration = Duration::from_secs(1);

/// How long a frame may be put off while messages wait.
const FRAME: Duration = Duration::from_millis(50);

/// The exit code after Ctrl+C from outside.
const INTERRUPTED: u8 = 130;

/// The draft that is not on disk yet, where a panic can find it.
pub(crate) type Unsaved = Arc<Mutex<Option<Draft>>>;

/// The app with everything it runs on.
pub(crate) struct App {
    /// Its state.
    pub(crate) model: Model,
    /// What carries effects out.
    pub(crate) runner: Runner,
    /// What comes back of them.
    pub(crate) replies: UnboundedReceiver<Reply>,
    /// The terminal.
    pub(crate) screen: Screen,
    /// The external editor, if one is set.
    pub(crate) editor: Option<String>,
    /// Kept up to date for a panic.
    pub(crate) unsaved: Unsaved,
}

/// The signals that end the app, with the exit code that says so.
struct Signals([(Signal, u8); 3]);

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self([
            (signal(SignalKind::terminate())?, 128 + 15),
            (signal(SignalKind::hangup())?, 128 + 1),
            (signal(SignalKind::interrupt())?, INTERRUPTED),
        ]))
    }

    async fn next(&mut self) -> u8 {
        let [(terminate, a), (hangup, b), (interrupt, c)] = &mut self.0;
        tokio::select! {
            _ = terminate.recv() => *a,
            _ = hangup.recv() => *b,
            _ = interrupt.recv() => *c,
        }
    }
}

impl App {
    /// Runs until the user or a signal ends it. Returns the exit code.
    pub(crate) async fn run(mut self) -> io::Result<u8> {
        let mut signals = Signals::listen()?;
        let mut input = Input::start();
        let mut code = 0;
        let size = self.screen.size()?;
        self.model.size = (size.width, size.height);
        let mut effects = VecDeque::from(update::start());
        loop {
            while let Some(effect) = effects.pop_front() {
                match effect {
                    Effect::Quit => {
                        input.stop().await;
                        let has_failed = matches!(self.model.link.state, LinkState::Failed(_));
                        return self.end(if has_failed { code.max(1) } else { code }).await;
                    }
                    Effect::Suspend => input = self.suspend(input).await?,
                    Effect::Edit(text) => {
                        input.stop().await;
                        effects.extend(self.write_outside(&text, &mut signals).await);
                        input = self.return_to_screen()?;
                    }
                    other => self.runner.start(other),
                }
            }
            self.remember();
            self.screen.draw(&self.model)?;
            let step = if self.model.is_lively() { LIVELY } else { CALM };
            // Biased: a key must not hold up the order to end, nor time a reply.
            let event = tokio::select! {
                biased;
                signal = signals.next() => { code = signal; Event::Terminate }
                Some(reply) = self.replies.recv() => Event::Reply(Box::new(reply)),
                event = input.next() => event,
                () = tokio::time::sleep(step) => Event::Tick,
            };
            effects.extend(self.update(event));
            // A paste of a thousand keys is a few frames. An effect ends the run: its place among
            // the keys matters.
            let begun = Instant::now();
            while effects.is_empty() && begun.elapsed() < FRAME {
                let reply = self.replies.try_recv().ok().map(Box::new).map(Event::Reply);
                let Some(event) = reply.or_else(|| input.waiting()) else {
                    break;
                };
                effects.extend(self.update(event));
            }
        }
    }

    fn update(&mut self, event: Event) -> Vec<Effect> {
        update::update(&mut self.model, Msg { at: Timestamp::now(), event })
    }

    /// Ends once what is being written is written; the user has the shell back meanwhile.
    async fn end(self, code: u8) -> io::Result<u8> {
        term::give_back();
        self.runner.finish().await;
        Ok(code)
    }

    /// Stops the process as the shell's job control does, and goes on when it is let go on.
    async fn suspend(&mut self, input: Input) -> io::Result<Input> {
        input.stop().await;
        term::give_back();
        low_level::raise(SIGTSTP)?;
        self.return_to_screen()
    }

    /// Gives the terminal to the external editor and takes its text, or ends with it.
    async fn write_outside(&mut self, text: &str, signals: &mut Signals) -> Vec<Effect> {
        term::give_back();
        let handed = match Handed::new(text) {
            Ok(handed) => handed,
            Err(fault) => return self.update(Event::Edited(fault)),
        };
        let Some(edited) = self.edit(&handed, signals).await else {
            if let Some(path) = handed.leave() {
                let path = path.display();
                note(&format!("What was saved in the editor is in {path}."));
            }
            return self.update(Event::Terminate);
        };
        let effects = self.update(Event::Edited(edited.clone()));
        // From here on a panic finds the text elsewhere.
        self.remember();
        handed.remove(&edited);
        effects
    }

    /// Waits for the external editor; none when a signal ends both.
    async fn edit(&self, handed: &Handed, signals: &mut Signals) -> Option<Edited> {
        let edit = handed.edit(self.editor.as_deref());
        tokio::pin!(edit);
        loop {
            tokio::select! {
                edited = &mut edit => return Some(edited),
                // Ctrl+C in the editor is for the editor; the other signals end both.
                code = signals.next() => if code != INTERRUPTED { return None },
            }
        }
    }

    /// Takes the terminal again, whatever size it has now.
    fn return_to_screen(&mut self) -> io::Result<Input> {
        self.screen.take_again()?;
        let size = self.screen.size()?;
        self.model.size = (size.width, size.height);
        Ok(Input::start())
    }

    /// Puts the unsaved draft where a panic finds it.
    fn remember(&self) {
        let draft = self.model.journal.unsaved_draft().cloned();
        *self.unsaved.lock().unwrap_or_else(PoisonError::into_inner) = draft;
    }
}
