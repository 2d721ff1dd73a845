//! The loop: messages arrive in one queue, `update` returns effects, a frame is drawn. Signals come
//! first, then replies, keys and time; a frame is drawn only when nothing waits.

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
    model::{
        Model,
        preferences::{Notifications, Switch},
    },
    msg::{Event, Msg, Reply},
    notes::NoteDraft,
    runner::Runner,
    signals::{self, HUNG_UP, INTERRUPTED, Signalled, Signals},
    term::{self, Screen, Speech},
    update,
};

/// The time step while something on the screen moves, while something counts seconds, and otherwise, when
/// only the day can change.
const LIVELY: Duration = Duration::from_millis(100);
const CALM: Duration = Duration::from_secs(1);
const STILL: Duration = Duration::from_mins(1);

/// How long a frame may be delayed while messages wait.
const FRAME: Duration = Duration::from_millis(50);

/// The draft and the note that are not yet on disk, where a panic can find them.
pub(crate) type Unsaved = Arc<Mutex<(Option<Draft>, Option<NoteDraft>)>>;

/// The app with everything that it needs to run.
pub(crate) struct App {
    /// The app's state.
    pub(crate) model: Model,
    /// Carries out effects.
    pub(crate) runner: Runner,
    /// The replies to effects.
    pub(crate) replies: UnboundedReceiver<Reply>,
    /// The terminal.
    pub(crate) screen: Screen,
    /// What is known of the terminal's colours.
    pub(crate) background: Background,
    /// How the terminal notifies, unless the settings say.
    pub(crate) speech: Speech,
    /// The folder for texts in the external editor.
    pub(crate) editing: PathBuf,
    /// What to rescue in a panic; kept up to date.
    pub(crate) unsaved: Unsaved,
}

impl App {
    /// Runs until the user or a signal ends it. Returns the exit code.
    pub(crate) async fn run(mut self) -> io::Result<u8> {
        let mut signals = Signals::listen()?;
        let mut input = Input::start()?;
        self.background.ask()?;
        let mut code = 0;
        if let Some(remark) = external_editor::remark(&external_editor::left_behind(&self.editing))
        {
            self.model.remark(remark);
        }
        let size = self.screen.size()?;
        self.model.size = (size.width, size.height);
        let mut effects = VecDeque::from(update::start());
        loop {
            while let Some(effect) = effects.pop_front() {
                match effect {
                    Effect::Quit => {
                        self.free(input).await;
                        let code = if self.model.never_worked() { code.max(1) } else { code };
                        return Box::pin(self.end(code)).await;
                    }
                    Effect::Suspend(asked) => input = self.suspend(input, asked).await?,
                    Effect::Repaint => self.screen.repaint()?,
                    Effect::Copy(text) => term::copy(&text)?,
                    Effect::Notify(text) => self.notify(&text)?,
                    Effect::Edit { text, question } => {
                        self.free(input).await;
                        match self.write_outside(&text, &question, &mut signals).await {
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
                // The terminal is gone, and unsaved text must not be lost.
                code = HUNG_UP;
                effects.extend(self.update(Event::Terminate));
                continue;
            };
            // Biased: keys must not delay the order to end, nor time a reply.
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
            // Handle waiting messages together, so that a paste of a thousand keys takes a few
            // frames. An effect ends the batch, because keys after it depend on it.
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

    /// Notifies you through the terminal, unless that is off.
    fn notify(&self, text: &str) -> io::Result<()> {
        let preferences = &self.model.preferences;
        let speech = match preferences.notifications {
            Notifications::Off => return Ok(()),
            Notifications::Auto => self.speech,
            Notifications::Osc9 => Speech::Osc9,
            Notifications::Osc777 => Speech::Osc777,
        };
        term::notify(text, speech, preferences.bell == Switch::On)
    }

    /// Draws a frame, unless the terminal's colours are still awaited. Returns how long to wait for
    /// the next message; `None` if the terminal is gone.
    fn show(&mut self) -> Option<Duration> {
        let step = match (self.model.is_lively(), self.model.is_counting()) {
            (true, _) => LIVELY,
            (false, true) => CALM,
            (false, false) => STILL,
        };
        if let Some(wait) = self.background.holds_frame() {
            return Some(wait.min(step));
        }
        if let Err(error) = self.screen.draw(&self.model) {
            tracing::warn!(%error, "the terminal cannot be written to");
            return None;
        }
        Some(step)
    }

    /// Turns input from the terminal into an event.
    fn hear(&mut self, sent: Sent) -> Option<Event> {
        match sent {
            Sent::Key(key) => Some(Event::Key(key)),
            Sent::Mouse(mouse) => {
                (self.model.preferences.mouse == Switch::On).then_some(Event::Mouse(mouse))
            }
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

    /// Turns a signal into an event. A signal that ends the app also sets the exit code.
    fn signalled(&mut self, signal: Signalled, code: &mut u8) -> io::Result<Option<Event>> {
        Ok(match signal {
            Signalled::End(by) => {
                *code = by;
                Some(Event::Terminate)
            }
            Signalled::Stop => Some(Event::Stop),
            Signalled::GoOn => {
                // Another program may have left the terminal in any state.
                self.take_screen_again()?;
                None
            }
            Signalled::Resize => {
                let size = self.screen.size()?;
                Some(Event::Resize(size.width, size.height))
            }
        })
    }

    /// Ends once pending writes are done; meanwhile, the shell has the terminal.
    async fn end(self, code: u8) -> io::Result<u8> {
        term::give_back();
        let rescued = self.runner.finish().await;
        for text in &rescued {
            note(&text.to_string());
        }
        Ok(if rescued.is_empty() { code } else { code.max(1) })
    }

    /// Ends the app while another program has the terminal.
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

    /// Stops the process for the shell's job control, and returns when it is continued.
    async fn suspend(&mut self, input: Input, asked: StopFor) -> io::Result<Input> {
        self.free(input).await;
        term::give_back();
        signals::stop(asked)?;
        self.return_to_screen()
    }

    /// Gives the terminal to the external editor and returns the effects of its text, or the exit
    /// code of a signal that ends both.
    async fn write_outside(
        &mut self,
        text: &str,
        question: &str,
        signals: &mut Signals,
    ) -> Result<Vec<Effect>, u8> {
        term::give_back();
        let handed = match Handed::new(text, question, &self.editing) {
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
        // From here on, a panic finds the text in `unsaved`.
        self.remember();
        handed.remove(&edited);
        Ok(effects)
    }

    /// Waits for the external editor, or for a signal that ends both.
    async fn edit(&self, handed: &Handed, signals: &mut Signals) -> Result<Edited, u8> {
        let edit = handed.edit(self.model.preferences.command());
        tokio::pin!(edit);
        loop {
            tokio::select! {
                edited = &mut edit => return Ok(edited),
                signal = signals.next() => match signal {
                    // Ctrl+C in the editor is for the editor; other signals end both.
                    Signalled::End(code) if code != INTERRUPTED => return Err(code),
                    // So is Ctrl+Z, but the shell waits until this process stops too.
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

    /// Takes the terminal back after another program had it.
    fn return_to_screen(&mut self) -> io::Result<Input> {
        self.take_screen_again()?;
        Input::start()
    }

    /// Takes the screen back, whatever its size is now.
    fn take_screen_again(&mut self) -> io::Result<()> {
        self.screen.take_again()?;
        let size = self.screen.size()?;
        self.model.size = (size.width, size.height);
        Ok(())
    }

    /// Puts the unsaved draft and note where a panic can find them.
    fn remember(&self) {
        let draft = self.model.drafts.unsaved_draft().cloned();
        let note = self.model.marks.notes.unsaved_note().cloned();
        *self.unsaved.lock().unwrap_or_else(PoisonError::into_inner) = (draft, note);
    }
}
