//! What a request would get, before an interview is created.

use std::collections::HashSet;

use super::{
    bank::Bank,
    fit::fits,
    select::{QuestionRequest, levels_apart},
};
use crate::domain::interview::Part;

/// The most topics that a summary names.
const NAMED: usize = 5;

/// What the bank has for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The topics that fit, best first.
    pub topics: Vec<TopicPreview>,
    /// The number of questions that interviews like this get, one after the other, before a notice says that
    /// they ran out.
    pub fitting: usize,
    /// How many of these the candidate has not had.
    pub unasked: usize,
    /// Whether the bank knows what the role, the topics or the advert are about.
    pub is_known: bool,
    /// The interview's notice; may be empty.
    pub notice: String,
}

/// What the bank has on a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicPreview {
    /// The topic's name.
    pub name: String,
    /// Its name on a screen.
    pub title: String,
    /// The number of its questions at the level.
    pub at_level: usize,
    /// The number of its questions at the level or the one below or above.
    pub fitting: usize,
}

impl Bank {
    /// What a request would get; with parts, in their order. It costs no more than choosing the questions
    /// does.
    pub fn preview(&self, request: &QuestionRequest, parts: &[Part]) -> Preview {
        let mut of_parts: Vec<String> = parts.iter().map(|part| part.topic.clone()).collect();
        of_parts.dedup();
        let topics = if parts.is_empty() { request.topics } else { &of_parts };
        let request = &QuestionRequest { topics, ..request.clone() };
        let fits = fits(self, request.role, request.topics, request.job_description);
        let asked: HashSet<&str> = request.asked.iter().map(|(id, _)| id.as_str()).collect();
        let (mut topics, mut unasked) = (Vec::new(), 0);
        for (topic, _) in fits.in_order(self) {
            let apart = |most: u8| {
                let near = move |level| levels_apart(level, request.level) <= most;
                topic.questions.iter().filter(move |question| near(question.level))
            };
            unasked += apart(1).filter(|question| !asked.contains(question.id.as_str())).count();
            topics.push(TopicPreview {
                name: topic.name.clone(),
                title: topic.title.clone(),
                at_level: apart(0).count(),
                fitting: apart(1).count(),
            });
        }
        Preview {
            fitting: topics.iter().map(|topic| topic.fitting).sum(),
            unasked,
            is_known: !fits.is_unknown,
            topics,
            notice: match parts {
                [] => self.choose(request).notice,
                parts => self.choose_parts(request, parts).notice,
            },
        }
    }
}

impl Preview {
    /// Says what fits, in a sentence or two for a person.
    pub fn summary(&self) -> String {
        let fitting = self.fitting;
        let what = match (self.is_known, fitting) {
            (_, 0) => return "No question of the bank fits.".to_owned(),
            (true, 1) => "1 question fits".to_owned(),
            (true, _) => format!("{fitting} questions fit"),
            (false, 1) => "1 general software question".to_owned(),
            (false, _) => format!("{fitting} general software questions"),
        };
        let had = match fitting - self.unasked {
            0 => String::new(),
            had if had == fitting => " You have had them all.".to_owned(),
            had => format!(" You have had {had} of them."),
        };
        format!("{what}: {}.{had}", self.topics_in_words())
    }

    fn topics_in_words(&self) -> String {
        let titles: Vec<&str> = self.topics.iter().map(|topic| topic.title.as_str()).collect();
        let named = &titles[..titles.len().min(NAMED)];
        match (named.split_last(), titles.len() - named.len()) {
            (Some((last, [])), 0) => (*last).to_owned(),
            (Some((last, before)), 0) => format!("{} and {last}", before.join(", ")),
            (_, 1) => format!("{} and 1 more topic", named.join(", ")),
            (_, more) => format!("{} and {more} more topics", named.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{clock::Timestamp, interview::Level};

    fn preview(role: &str, asked: &[(String, Timestamp)]) -> Preview {
        Bank::built_in().unwrap().preview(
            &QuestionRequest {
                role,
                level: Level::Mid,
                count: 5,
                topics: &[],
                job_description: "",
                language: "en",
                asked,
                not_again: &[],
                again_soon: &[],
                seed: 0,
            },
            &[],
        )
    }

    #[test]
    fn a_summary_names_what_fits_and_what_was_had() {
        let rust = preview("Rust engineer", &[]);
        assert_eq!(rust.topics[0].name, "rust");
        assert!(rust.topics[0].at_level < rust.topics[0].fitting);
        let begins = format!("{} questions fit: Rust, ", rust.fitting);
        assert!(rust.summary().starts_with(&begins), "{}", rust.summary());
        assert!(rust.summary().ends_with(" more topics."), "{}", rust.summary());
        let bank = Bank::built_in().unwrap();
        let topic = bank.topics.iter().find(|topic| topic.name == "rust").unwrap();
        let first = topic.questions.iter().find(|question| question.level == Level::Mid).unwrap();
        let asked = [(first.id.clone(), Timestamp::from_micros(1))];
        assert!(preview("Rust engineer", &asked).summary().ends_with("You have had 1 of them."));
    }

    #[test]
    fn an_unknown_role_is_reported_with_what_the_bank_has() {
        let nurse = preview("registered nurse", &[]);
        assert!(!nurse.is_known);
        assert!(nurse.summary().contains("general software questions: "), "{}", nurse.summary());
        assert!(nurse.notice.contains("nothing for the role registered nurse"), "{}", nurse.notice);
    }

    #[test]
    fn numbers_read_correctly() {
        let topic = |title: &str| TopicPreview {
            name: title.to_owned(),
            title: title.to_owned(),
            at_level: 1,
            fitting: 1,
        };
        let of = |titles: &[&str], fitting: usize, unasked: usize| Preview {
            topics: titles.iter().map(|title| topic(title)).collect(),
            fitting,
            unasked,
            is_known: true,
            notice: String::new(),
        };
        assert_eq!(of(&["A"], 1, 1).summary(), "1 question fits: A.");
        assert_eq!(
            of(&["A", "B"], 2, 0).summary(),
            "2 questions fit: A and B. You have had them all."
        );
        assert_eq!(
            of(&["A", "B", "C", "D", "E", "F"], 6, 6).summary(),
            "6 questions fit: A, B, C, D, E and 1 more topic."
        );
        assert_eq!(of(&[], 0, 0).summary(), "No question of the bank fits.");
    }
}
