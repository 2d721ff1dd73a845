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

/// A grader's decision not to judge an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declined {
    /// Why.
    pub refusal: Refusal,
    /// What is wrong and what to do about it, for the candidate.
    pub reason: String,
}

impl From<Refusal> for Declined {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, reason: refusal.reason().to_owned() }
    }
}

impl Declined {
    /// The answer is off topic because it is for this other question.
    pub fn for_other_question(question: &str) -> Self {
        let reason = format!(
            "This text seems to answer another question, so it has no score, and it counts against \
             nothing. The question that it would fit is: “{question}” Here is how you could begin: \
             read the question that was asked once more, take the first thing that it names, and say \
             in one plain sentence what it does. “I don’t know” is an answer too."
        );
        Self { refusal: Refusal::OffTopic, reason }
    }
}
