//! The question to the terminal for its background, which may be answered at once, late or never. The
//! first frame waits for a moment; whatever comes later is still used.

use std::{
    io::{self, Write as _, stdout},
    time::{Duration, Instant},
};

use crate::{
    input::{Colour, Input, Sent},
    model::Palette,
};

/// Text and background, and then what kind of terminal it is: every terminal answers that, one after
/// the other, so that one that does not know colours is not waited for.
const QUESTION: &[u8] = b"\x1b]10;?\x07\x1b]11;?\x07\x1b[c";

/// How long the first frame waits for the answer.
const FRAME: Duration = Duration::from_millis(200);

/// How long another program that gets the terminal does, so that it does not get the answer as well.
const HANDOVER: Duration = Duration::from_millis(800);

/// What is known of the terminal's colours.
#[derive(Debug, Default)]
pub(crate) struct Background {
    is_wanted: bool,
    /// Since when an answer is due.
    asked: Option<Instant>,
    text: Option<f32>,
    behind: Option<f32>,
}

impl Background {
    /// One that the terminal will be asked for, if `is_wanted`.
    pub(crate) fn new(is_wanted: bool) -> Self {
        Self { is_wanted, ..Self::default() }
    }

    /// Asks, if it is wanted.
    pub(crate) fn ask(&mut self) -> io::Result<()> {
        if self.is_wanted {
            let mut terminal = stdout().lock();
            terminal.write_all(QUESTION)?;
            terminal.flush()?;
            self.asked = Some(Instant::now());
        }
        Ok(())
    }

    /// How long a frame has to wait still.
    pub(crate) fn holds_frame(&self) -> Option<Duration> {
        let left = (self.asked? + FRAME).saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Takes a colour; gives the colours that suit it.
    pub(crate) fn hear(&mut self, colour: Colour) -> Option<Palette> {
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
        Some(if is_light { Palette::Light } else { Palette::Dark })
    }

    /// Every answer has come.
    pub(crate) fn is_answered(&mut self) {
        self.asked = None;
    }

    /// Waits for an answer that is due, before the terminal is given to somebody who does not
    /// expect it.
    pub(crate) async fn settle(&mut self, input: &mut Input) {
        let Some(asked) = self.asked.take() else { return };
        let answered =
            async { while !matches!(input.next().await, None | Some(Sent::Attributes)) {} };
        // Not every terminal answers.
        let _ = tokio::time::timeout_at((asked + HANDOVER).into(), answered).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_background_is_light_by_itself_or_beside_the_text() {
        let mut it = Background::new(true);
        assert_eq!(it.hear(Colour::Background(0.9)), Some(Palette::Light));
        assert_eq!(it.hear(Colour::Background(0.1)), Some(Palette::Dark));
        assert_eq!(it.hear(Colour::Text(0.05)), Some(Palette::Light));
        assert_eq!(it.hear(Colour::Text(1.0)), Some(Palette::Dark));
    }

    #[test]
    fn nothing_is_changed_where_nobody_asked() {
        let mut it = Background::new(false);
        assert_eq!(it.hear(Colour::Background(0.9)), None);
        assert_eq!(it.holds_frame(), None);
    }
}
