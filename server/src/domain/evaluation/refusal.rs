//! The reasons for which a grader declines to judge an answer.

/// Why a grader declines to judge an answer: a score for it would be invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The answer is in a language that the grader does not read.
    LanguageNotSupported,
    /// The text is not an answer: the question again, a dump, random characters.
    NotAnAnswer,
    /// The text is about something else.
    OffTopic,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::LanguageNotSupported, Self::NotAnAnswer, Self::OffTopic];

    /// The word under which it is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::LanguageNotSupported => "language_not_supported",
            Self::NotAnAnswer => "not_an_answer",
            Self::OffTopic => "off_topic",
        }
    }

    /// What is wrong and what to do about it, for the candidate.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::LanguageNotSupported => {
                "The built-in grader reads English only, and this answer is mostly in another \
                 language. Answer in English, or set up a language model, which reads others."
            }
            Self::NotAnAnswer => {
                "This text does not read as an answer, so it has no score, and it counts against \
                 nothing. Here is how you could begin: say in one plain sentence what the question is \
                 about, and then why it is so."
            }
            Self::OffTopic => {
                "This text seems to be about something else, so it has no score, and it counts against \
                 nothing. Here is how you could begin: take the first thing that the question names and \
                 say in one plain sentence what it does. “I don't know” is an answer too."
            }
        }
    }
}
