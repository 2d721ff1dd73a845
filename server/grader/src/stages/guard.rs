//! Stage 4: refuses an answer whose score would be made up.

use super::{Coefficients, probability::probability};
use crate::{
    answer::{Answer, words},
    assessment::{PointGrade, PointState, Refusal},
    judge::{Judge, Judgement},
    prepare::Prepared,
    text::lists::is_stop_word,
};
use std::collections::HashMap;

/// A text with fewer words is too short to determine its language.
const TELLING_WORDS: usize = 8;

/// From this share of words in the judge's vocabulary on, a text is English. Of texts in other
/// languages that use English terms, it is .11 to .78.
const ENGLISH_WORDS: f64 = 0.8;

/// A text with fewer words may be a general answer ("I would measure first ..."): too short to say
/// that it is about something else.
const WORDS_ABOUT_SOMETHING: usize = 12;

/// A text with more words is a document: it is not judged by the few sentences that happen to fit.
const DOCUMENT_WORDS: usize = 250;

/// Why this answer is not judged; `None` if it is.
pub(super) fn guard(
    prepared: &Prepared,
    answer: &Answer,
    points: &[PointGrade],
    judgement: &Judgement,
) -> Option<Refusal> {
    let text = Text::new(&answer.folded.text);
    if text.words.is_empty() {
        let letters = answer.folded.text.chars().any(char::is_alphabetic);
        return Some(if letters { Refusal::Language } else { Refusal::NotAnAnswer });
    }
    // A dump has no language, whatever script its letters are in.
    if !text.is_dump() && text.is_foreign(&answer.folded.text) {
        return Some(Refusal::Language);
    }
    if let Some(refusal) = other_question(prepared, answer, points) {
        return Some(refusal);
    }
    let is_document = text.words.len() > DOCUMENT_WORDS;
    let makes_a_point = points.iter().any(|point| point.state == PointState::Covered);
    if makes_a_point && !is_document {
        return None;
    }
    let touches = points.iter().any(PointGrade::is_counted);
    if !touches && (text.repeats(&prepared.question_words) || text.is_garbled()) {
        return Some(Refusal::NotAnAnswer);
    }
    let about = probability(f64::from(judgement.about));
    let enough = text.words.len() >= WORDS_ABOUT_SOMETHING;
    let off = &Coefficients::builtin().off_topic;
    let limit = match () {
        () if is_document => off.document_below,
        () if touches => off.touched_below,
        () => off.below,
    };
    (enough && about < limit).then_some(Refusal::OffTopic)
}

/// Whether it is for another question of the topic. The judge may find a point in it all the same.
fn other_question(prepared: &Prepared, answer: &Answer, points: &[PointGrade]) -> Option<Refusal> {
    let (topic, own) = prepared.topic.as_ref()?;
    let covered = super::score::covered(prepared, points);
    topic.answered_instead(*own, covered, &answer.telling).map(Refusal::OtherQuestion)
}

/// Whether a text is mostly in another script or language than English.
pub(crate) fn is_foreign(answer: &Answer) -> bool {
    Text::new(&answer.folded.text).is_foreign(&answer.folded.text)
}

/// A text, summarised by its words.
struct Text {
    /// In lower case.
    words: Vec<String>,
    /// The share that are English function words.
    grammar: f64,
    /// The share of the characters, without white space, that are neither letters nor digits.
    marks: f64,
}

impl Text {
    fn new(text: &str) -> Self {
        let words: Vec<String> = words(text).map(str::to_lowercase).collect();
        let grammar = words.iter().filter(|word| is_stop_word(word)).count();
        let visible = text.chars().filter(|c| !c.is_whitespace());
        let (mut all, mut marks) = (0_u32, 0_u32);
        for c in visible {
            all += 1;
            marks += u32::from(!c.is_alphanumeric());
        }
        Self {
            grammar: grammar as f64 / words.len().max(1) as f64,
            marks: f64::from(marks) / f64::from(all.max(1)),
            words,
        }
    }

    /// Whether it is mostly in another script or language.
    fn is_foreign(&self, text: &str) -> bool {
        let letters = text.chars().filter(|c| c.is_alphabetic());
        let (mut all, mut latin) = (0_u32, 0_u32);
        for c in letters {
            all += 1;
            latin += u32::from(c.is_ascii() || ('\u{c0}'..='\u{24f}').contains(&c));
        }
        if latin * 2 < all {
            return true;
        }
        if self.words.len() < TELLING_WORDS || self.grammar > 0.2 || self.is_in_english_words() {
            return false;
        }
        whatlang::detect(text)
            .is_some_and(|found| found.lang() != whatlang::Lang::Eng && found.is_reliable())
    }

    /// Whether an English vocabulary has nearly all of its words. Notes without function words are
    /// taken for other languages without this.
    fn is_in_english_words(&self) -> bool {
        let known = self.words.iter().filter(|word| Judge::builtin().has_word(word)).count();
        known as f64 >= ENGLISH_WORDS * self.words.len() as f64
    }

    /// Whether it says nothing beyond the question's own words.
    fn repeats(&self, question: &std::collections::HashSet<String>) -> bool {
        let content = || self.words.iter().filter(|word| !is_stop_word(word));
        let (all, known) = (content().count(), content().filter(|w| question.contains(*w)).count());
        all >= 3 && known * 10 >= all * 8
    }

    /// Whether it was written for a machine: hardly any function words, and symbols everywhere.
    fn is_dump(&self) -> bool {
        self.words.len() >= TELLING_WORDS && self.grammar < 0.12 && self.marks > 0.12
    }

    /// Whether it is random characters, one word repeated, or a dump of something.
    fn is_garbled(&self) -> bool {
        let count = self.words.len();
        let mut times: HashMap<&str, usize> = HashMap::new();
        for word in &self.words {
            *times.entry(word).or_default() += 1;
        }
        let most = times.values().copied().max().unwrap_or(0);
        let repeated = count >= 5 && most * 2 > count;
        let endless = self.words.iter().any(|word| word.chars().count() > 40);
        let unspoken = self.words.iter().filter(|word| is_unspoken(word)).count() * 3 > count;
        let unbound = count >= 12 && self.grammar < 0.04;
        repeated || endless || unspoken || self.is_dump() || unbound
    }
}

/// Whether a word is unpronounceable: five letters or more without a vowel, or letters and digits
/// mixed.
fn is_unspoken(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let vowels = word.chars().filter(|c| "aeiouy".contains(*c)).count();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    (letters >= 4 && vowels == 0) || (letters >= 3 && digits >= 2 && letters + digits >= 7)
}
