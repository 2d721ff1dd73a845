//! The loop: one queue of messages in, `update`, effects out, a frame. Signals go first, then
//! replies, then keys, then time; a frame is drawn only when nothing waits.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crossterm::event::{Event as TerminalEvent, EventStream};
use futures::{FutureExt as _, StreamExt as _};
use jiff::Timestamp;
use signal_hook::{consts::SIGTSTP, low_level};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc::UnboundedReceiver,
};

use crate::{
    drafts::Draft,
    effect::Effect,
    external_editor,
    model::Model,
    msg::{Event, Msg, Reply},
    runner::Runner,
    term::Screen,
    update,
};

/// The step of time while something on the screen moves, and while nothing does.
const LIVELY: Duration = Duration::from_millis(100);
const CALM: Duration = Duration::from_secs(1);

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
            (signal(SignalKind::interrupt())?, 130),
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
        let mut keys = EventStream::new();
        let mut code = 0;
        let size = self.screen.size()?;
        self.model.size = (size.width, size.height);
        let mut waiting = update::start();
        loop {
            if self
                .carry_out(std::mem::take(&mut waiting), &mut keys, &mut signals)
                .await?
            {
                break;
            }
            self.remember();
            self.screen.draw(&self.model)?;
            let step = if self.model.is_lively() { LIVELY } else { CALM };
            // Biased: a key must not hold up the order to end, nor time a reply.
            let event = tokio::select! {
                biased;
                signal = signals.next() => { code = signal; Event::Terminate }
                Some(reply) = self.replies.recv() => Event::Reply(reply),
                key = keys.next() => terminal_event(key),
                () = tokio::time::sleep(step) => Event::Tick,
            };
            waiting = self.update(event);
            waiting.extend(self.update_with_all_that_waits(&mut keys));
        }
        drop(keys);
        // The user sees the shell while the last answer is still on its way.
        self.screen.give_back();
        self.runner.finish().await;
        Ok(code)
    }

    fn update(&mut self, event: Event) -> Vec<Effect> {
        update::update(
            &mut self.model,
            Msg {
                at: Timestamp::now(),
                event,
            },
        )
    }

    /// Takes in what has come meanwhile, so that a paste of a thousand keys is one frame. Stops at
    /// the first effect: its order among the keys matters.
    fn update_with_all_that_waits(&mut self, keys: &mut EventStream) -> Vec<Effect> {
        loop {
            let event = match self.replies.try_recv() {
                Ok(reply) => Event::Reply(reply),
                Err(_) => match keys.next().now_or_never() {
                    Some(key) => terminal_event(key),
                    None => return Vec::new(),
                },
            };
            let effects = self.update(event);
            if !effects.is_empty() {
                return effects;
            }
        }
    }

    /// Carries effects out. Returns whether the app is to end.
    async fn carry_out(
        &mut self,
        effects: Vec<Effect>,
        keys: &mut EventStream,
        signals: &mut Signals,
    ) -> io::Result<bool> {
        for effect in effects {
            match effect {
                Effect::Quit => return Ok(true),
                Effect::Suspend => {
                    self.screen.give_back();
                    low_level::raise(SIGTSTP)?;
                    self.screen.take_again()?;
                }
                Effect::Edit(text) => {
                    let edited = self.edit(&text, keys, signals).await?;
                    let more = self.update(edited);
                    more.into_iter()
                        .for_each(|effect| self.runner.start(effect));
                }
                other => self.runner.start(other),
            }
        }
        Ok(false)
    }

    /// Hands the terminal to the external editor until it is closed.
    async fn edit(
        &mut self,
        text: &str,
        keys: &mut EventStream,
        signals: &mut Signals,
    ) -> io::Result<Event> {
        self.screen.give_back();
        let editor = self.editor.clone();
        let edited = {
            let edit = external_editor::edit(editor.as_deref(), text);
            tokio::pin!(edit);
            loop {
                tokio::select! {
                    edited = &mut edit => break Event::Edited(edited),
                    // Ctrl+C in the editor is for the editor; the others end both.
                    code = signals.next() => if code != 130 { break Event::Terminate },
                }
            }
        };
        // The old stream may have taken in what was meant for the editor.
        *keys = EventStream::new();
        self.screen.take_again()?;
        let size = self.screen.size()?;
        self.model.size = (size.width, size.height);
        Ok(edited)
    }

    /// Puts the unsaved draft where a panic finds it.
    fn remember(&self) {
        let draft = self.model.journal.unsaved_draft().cloned();
        *self.unsaved.lock().unwrap_or_else(PoisonError::into_inner) = draft;
    }
}

/// An event of the terminal as one of the app; a terminal that is gone asks to end.
fn terminal_event(event: Option<io::Result<TerminalEvent>>) -> Event {
    match event {
        Some(Ok(TerminalEvent::Key(key))) => Event::Key(key),
        Some(Ok(TerminalEvent::Paste(text))) => Event::Paste(text),
        Some(Ok(TerminalEvent::Resize(columns, rows))) => Event::Resize(columns, rows),
        Some(Ok(TerminalEvent::FocusLost)) => Event::Blur,
        Some(Ok(TerminalEvent::FocusGained | TerminalEvent::Mouse(_))) => Event::Tick,
        Some(Err(_)) | None => Event::Terminate,
    }
}
