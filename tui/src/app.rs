//! The loop: one queue of messages in, `update`, effects out, a frame. Signals go first, then
//! replies, then keys, then time; a frame is drawn only when nothing waits.

use std::{
    collections::VecDeque,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::{
    background::Background,
    cli::note,
    drafts::Draft,
    effect::{Effect, StopFor},
    external_editor::{self, Edited, Handed},
    input::{Input, Sent},
    model::{Model, link::LinkState},
    msg::{Event, Msg, Reply},
    notes::NoteDraft,
    runner::Runner,
    signals::{self, HUNG_UP, INTERRUPTED, Signalled, Signals},
    term::{self, Screen},
    update,
};

/// The step of time while something on the screen moves, and while nothing does.
const LIVELY: Duration = Duration::from_millis(100);
const CALM: Duration = Duration::from_secs(1);

/// How long a frame may be put off while messages wait.
const FRAME: Duration = Duration::from_millis(50);

/// The draft and the note that are not on disk yet, where a panic can find it.
pub(crate) type Unsaved = Arc<Mutex<(Option<Draft>, Option<NoteDraft>)>>;

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
    /// What is known of its colours.
    pub(crate) background: Background,
    /// The external editor, if one is set.
    pub(crate) editor: Option<String>,
    /// Where its files are.
    pub(crate) editing: PathBuf,
    /// Kept up to date for a panic.
    pub(crate) unsaved: Unsaved,
}

impl App {
    /// Runs until the user or a signal ends it. Returns the exit code.
    pub(crate) async fn run(mut self) -> io::Result<u8> {
        let mut signals = Signals::listen()?;
        let mut input = Input::start()?;
        self.background.ask()?;
        let mut code = 0;
        if let [file, ..] = external_editor::left_behind(&self.editing).as_slice() {
            self.model.remark(format!(
                "Viva was killed while an editor was open. What was saved there is in {}.",
                file.display()
            ));
        }
        let size = self.screen.size()?;
        self.model.size = (size.width, size.height);
        let mut effects = VecDeque::from(update::start());
        loop {
            while let Some(effect) = effects.pop_front() {
                match effect {
                    Effect::Quit => {
                        self.free(input).await;
                        let has_failed = matches!(self.model.link.state, LinkState::Failed(_));
                        let code = if has_failed { code.max(1) } else { code };
                        return Box::pin(self.end(code)).await;
                    }
                    Effect::Suspend(asked) => input = self.suspend(input, asked).await?,
                    Effect::Repaint => self.screen.repaint()?,
                    Effect::Edit(text) => {
                        self.free(input).await;
                        match self.write_outside(&text, &mut signals).await {
                            Ok(more) => effects.extend(more),
                            Err(code) => {
                                return Box::pin(self.end_at_once(effects, code)).await;
                            }
                        }
                        input = self.return_to_screen()?;
                    }
                    other => self.runner.start(other),
                }
            }
            self.remember();
            let Some(step) = self.show() else {
                // Nobody sees it any more, and what is written must not be lost.
                code = HUNG_UP;
                effects.extend(self.update(Event::Terminate));
                continue;
            };
            // Biased: a key must not hold up the order to end, nor time a reply.
            let event = tokio::select! {
                biased;
                signal = signals.next() => self.signalled(signal, &mut code)?,
                Some(reply) = self.replies.recv() => Some(Event::Reply(Box::new(reply))),
                sent = input.next() => match sent {
                    Some(sent) => self.hear(sent),
                    None => self.signalled(Signalled::End(HUNG_UP), &mut code)?,
                },
                () = tokio::time::sleep(step) => Some(Event::Tick),
            };
            effects.extend(event.into_iter().flat_map(|event| self.update(event)));
            // A paste of a thousand keys is a few frames. An effect ends the run: its place among
            // the keys matters.
            let begun = Instant::now();
            while effects.is_empty() && begun.elapsed() < FRAME {
                let reply = self.replies.try_recv().ok().map(Box::new).map(Event::Reply);
                let event = match reply {
                    Some(reply) => Some(reply),
                    None => match input.waiting() {
                        Some(sent) => self.hear(sent),
                        None => break,
                    },
                };
                effects.extend(event.into_iter().flat_map(|event| self.update(event)));
            }
        }
    }

    fn update(&mut self, event: Event) -> Vec<Effect> {
        update::update(&mut self.model, Msg { at: Timestamp::now(), event })
    }

    /// Draws a frame, unless it waits for the colours of the terminal. Returns how long to wait for
    /// what happens next; none where there is no terminal any more.
    fn show(&mut self) -> Option<Duration> {
        let step = if self.model.is_lively() { LIVELY } else { CALM };
        if let Some(wait) = self.background.holds_frame() {
            return Some(wait.min(step));
        }
        if let Err(error) = self.screen.draw(&self.model) {
            tracing::warn!(%error, "the terminal cannot be written to");
            return None;
        }
        Some(step)
    }

    /// What comes from the terminal, as something that happens.
    fn hear(&mut self, sent: Sent) -> Option<Event> {
        match sent {
            Sent::Key(key) => Some(Event::Key(key)),
            Sent::Paste(text) => Some(Event::Paste(text)),
            Sent::FocusLost => Some(Event::Blur),
            Sent::FocusGained => Some(Event::Focus),
            Sent::Colour(colour) => self.background.hear(colour).map(Event::Background),
            Sent::Attributes => {
                self.background.is_answered();
                None
            }
        }
    }

    /// What comes by a signal. One that ends the app says with which code.
    fn signalled(&mut self, signal: Signalled, code: &mut u8) -> io::Result<Option<Event>> {
        Ok(match signal {
            Signalled::End(by) => {
                *code = by;
                Some(Event::Terminate)
            }
            Signalled::Stop => Some(Event::Stop),
            Signalled::GoOn => {
                // Whoever had the terminal meanwhile has left it as it likes.
                self.take_screen_again()?;
                None
            }
            Signalled::Resize => {
                let size = self.screen.size()?;
                Some(Event::Resize(size.width, size.height))
            }
        })
    }

    /// Ends once what is being written is written; the user has the shell back meanwhile.
    async fn end(self, code: u8) -> io::Result<u8> {
        term::give_back();
        let rescued = self.runner.finish().await;
        for text in &rescued {
            note(&text.to_string());
        }
        Ok(if rescued.is_empty() { code } else { code.max(1) })
    }

    /// Ends without the terminal, which another program had last.
    async fn end_at_once(mut self, due: VecDeque<Effect>, code: u8) -> io::Result<u8> {
        let last = self.update(Event::Terminate);
        for effect in due.into_iter().chain(last).filter(|effect| *effect != Effect::Quit) {
            self.runner.start(effect);
        }
        Box::pin(self.end(code)).await
    }

    /// Frees the keyboard for another program.
    async fn free(&mut self, mut input: Input) {
        self.background.settle(&mut input).await;
        input.stop().await;
    }

    /// Stops the process as the shell's job control does, and goes on when it is let go on.
    async fn suspend(&mut self, input: Input, asked: StopFor) -> io::Result<Input> {
        self.free(input).await;
        term::give_back();
        signals::stop(asked)?;
        self.return_to_screen()
    }

    /// Gives the terminal to the external editor and takes its text; or says with which code a signal
    /// ends both.
    async fn write_outside(
        &mut self,
        text: &str,
        signals: &mut Signals,
    ) -> Result<Vec<Effect>, u8> {
        term::give_back();
        let handed = match Handed::new(text, &self.editing) {
            Ok(handed) => handed,
            Err(fault) => return Ok(self.update(Event::Edited(fault))),
        };
        let edited = match self.edit(&handed, signals).await {
            Ok(edited) => edited,
            Err(code) => {
                if let Some(path) = handed.leave() {
                    let path = path.display();
                    note(&format!("What was saved in the editor is in {path}."));
                }
                return Err(code);
            }
        };
        let effects = self.update(Event::Edited(edited.clone()));
        // From here on a panic finds the text elsewhere.
        self.remember();
        handed.remove(&edited);
        Ok(effects)
    }

    /// Waits for the external editor, or for a signal that ends both.
    async fn edit(&self, handed: &Handed, signals: &mut Signals) -> Result<Edited, u8> {
        let edit = handed.edit(self.editor.as_deref());
        tokio::pin!(edit);
        loop {
            tokio::select! {
                edited = &mut edit => return Ok(edited),
                signal = signals.next() => match signal {
                    // Ctrl+C in the editor is for the editor; the other signals end both.
                    Signalled::End(code) if code != INTERRUPTED => return Err(code),
                    // So is Ctrl+Z, but the shell waits for all that it has started.
                    Signalled::Stop => {
                        if let Err(error) = signals::stop(StopFor::Shell) {
                            tracing::warn!(%error, "the process does not stop");
                        }
                    }
                    Signalled::End(_) | Signalled::GoOn | Signalled::Resize => {}
                },
            }
        }
    }

    /// Takes the terminal again after another program had it.
    fn return_to_screen(&mut self) -> io::Result<Input> {
        self.take_screen_again()?;
        Input::start()
    }

    /// Takes the screen again, whatever size it has now.
    fn take_screen_again(&mut self) -> io::Result<()> {
        self.screen.take_again()?;
        let size = self.screen.size()?;
        self.model.size = (size.width, size.height);
        Ok(())
    }

    /// Puts the unsaved draft and note where a panic finds them.
    fn remember(&self) {
        let draft = self.model.journal.unsaved_draft().cloned();
        let note = self.model.marks.notes.unsaved_note().cloned();
        *self.unsaved.lock().unwrap_or_else(PoisonError::into_inner) = (draft, note);
    }
}
