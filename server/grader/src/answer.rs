//! Answers: the text of an answer with all of its words looked up and aligned once.

use crate::alignment::Alignment;
use crate::lexicon::{Lexicon, WordId};
use crate::reference::Text;
use crate::text::fold::Folded;
use crate::text::instructions::without_instructions;
use crate::text::lists::{is_filler, is_reason_word};
use crate::text::tokens::{Token, tokenise};

/// An answer to a question whose rubric has the lexicon `'rubric`.
pub(crate) struct Answer<'rubric> {
    pub(crate) lexicon: Lexicon<'rubric>,
    pub(crate) alignment: Alignment,
    /// The answer as the rubric's points are looked for in it.
    pub(crate) folded: Folded,
    pub(crate) tokens: Vec<Token<WordId>>,
    /// How many of the tokens only take up room.
    pub(crate) fillers: usize,
    /// How many of the tokens announce a reason, a condition or an example.
    pub(crate) reason_words: usize,
    /// The answer as it is compared with the reference alone.
    pub(crate) reply: Text,
}

impl<'rubric> Answer<'rubric> {
    pub(crate) fn new(rubric: &'rubric Lexicon<'static>, answer: &str) -> Self {
        let mut lexicon = Lexicon::of_answer(rubric);
        let folded = Folded::new(answer);
        let (mut fillers, mut reason_words) = (0, 0);
        let tokens = tokenise(&folded.text, |word| {
            fillers += usize::from(is_filler(word));
            reason_words += usize::from(is_reason_word(word));
            lexicon.intern(word)
        });
        let reply = Text::new(&mut lexicon, &without_instructions(answer));
        let alignment = Alignment::new(&lexicon, rubric);
        Self { lexicon, alignment, folded, tokens, fillers, reason_words, reply }
    }
}
