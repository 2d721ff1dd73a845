//! Asks the terminal for its background, which it may report now, later or never. The first frame
//! waits a moment for it; a later reply is still used.

use std::{
    io::{self, Write as _, stdout},
    time::{Duration, Instant},
};

use crate::{
    input::{Colour, Input, Sent},
    model::ThemeName,
};

/// Asks for the colours of text and background, then for the kind of terminal: every terminal
/// answers the last, so one that does not report colours is not waited for.
const QUESTION: &[u8] = b"\x1b]10;?\x07\x1b]11;?\x07\x1b[c";

/// How long the first frame waits for the reply. Most terminals reply sooner; a later reply changes
/// the colours on the screen.
const FRAME: Duration = Duration::from_millis(40);

/// How long another program waits for the terminal, so that it does not receive the reply.
const HANDOVER: Duration = Duration::from_millis(800);

/// What is known of the terminal's colours.
#[derive(Debug, Default)]
pub(crate) struct Background {
    is_wanted: bool,
    /// When the terminal was asked, until it has replied.
    asked: Option<Instant>,
    text: Option<f32>,
    behind: Option<f32>,
}

impl Background {
    /// A background that the terminal is asked for if `is_wanted`.
    pub(crate) fn new(is_wanted: bool) -> Self {
        Self { is_wanted, ..Self::default() }
    }

    /// Asks the terminal, if wanted.
    pub(crate) fn ask(&mut self) -> io::Result<()> {
        if self.is_wanted {
            let mut terminal = stdout().lock();
            terminal.write_all(QUESTION)?;
            terminal.flush()?;
            self.asked = Some(Instant::now());
        }
        Ok(())
    }

    /// How much longer a frame has to wait.
    pub(crate) fn holds_frame(&self) -> Option<Duration> {
        let left = (self.asked? + FRAME).saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Takes in a colour; returns the theme that suits the terminal.
    pub(crate) fn hear(&mut self, colour: Colour) -> Option<ThemeName> {
        match colour {
            Colour::Text(light) => self.text = Some(light),
            Colour::Background(light) => self.behind = Some(light),
        }
        let behind = self.behind.filter(|_| self.is_wanted)?;
        let is_light = match self.text {
            Some(text) if text < behind => true,
            Some(text) if text > behind => false,
            _ => behind > 0.5,
        };
        Some(if is_light { ThemeName::Light } else { ThemeName::Dark })
    }

    /// Notes that the terminal has replied to everything.
    pub(crate) fn is_answered(&mut self) {
        self.asked = None;
    }

    /// Waits for an outstanding reply before the terminal goes to another program, which does not
    /// expect it.
    pub(crate) async fn settle(&mut self, input: &mut Input) {
        let Some(asked) = self.asked.take() else { return };
        let answered =
            async { while !matches!(input.next().await, None | Some(Sent::Attributes)) {} };
        // Not every terminal replies.
        let _ = tokio::time::timeout_at((asked + HANDOVER).into(), answered).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_background_is_light_on_its_own_or_compared_to_the_text() {
        let mut it = Background::new(true);
        assert_eq!(it.hear(Colour::Background(0.9)), Some(ThemeName::Light));
        assert_eq!(it.hear(Colour::Background(0.1)), Some(ThemeName::Dark));
        assert_eq!(it.hear(Colour::Text(0.05)), Some(ThemeName::Light));
        assert_eq!(it.hear(Colour::Text(1.0)), Some(ThemeName::Dark));
    }

    #[test]
    fn without_a_question_a_reply_changes_nothing() {
        let mut it = Background::new(false);
        assert_eq!(it.hear(Colour::Background(0.9)), None);
        assert_eq!(it.holds_frame(), None);
    }
}
