//! Searching a candidate's own questions and answers: the query, and where it matches. Every word
//! of the query must be in the question or in the answer, ignoring case.

use std::ops::Range;

use super::{
    clock::Timestamp,
    evaluation::Grader,
    id::{AnswerId, InterviewId, QuestionId},
    score::Scores,
    text::without_nul,
    timing::Withheld,
    violation::InvalidValue,
};

/// The most words in a query; the stores' statements have a parameter for each.
pub const MOST_WORDS: usize = 8;

/// The most characters of a query.
const MOST_CHARS: usize = 200;

/// About how many characters of an answer are shown.
const SNIPPET: usize = 200;

/// How many of these come before the first match.
const LEAD: usize = 60;

/// A character with its case folded. It stays a single character, so that positions in the text do
/// not change. The few characters outside ASCII whose lower case is in ASCII are left alone: a
/// database folds only ASCII, and must not find less than this does.
fn fold(c: char) -> char {
    let mut small = c.to_lowercase();
    match (small.next(), small.next()) {
        (Some(one), None) if c.is_ascii() || !one.is_ascii() => one,
        _ => c,
    }
}

/// Whether a database that folds only ASCII finds every occurrence of the folded character.
fn is_found_by_ascii(c: char) -> bool {
    let is_caseless = || c.to_lowercase().eq([c]) && c.to_uppercase().eq([c]);
    c.is_ascii() || is_caseless()
}

fn folded(text: &str) -> Vec<char> {
    text.chars().map(fold).collect()
}

/// What is searched for: 1 to [`MOST_WORDS`] different words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery(Vec<Vec<char>>);

impl SearchQuery {
    /// Reads the words of a query.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let text = without_nul(raw)?;
        if text.chars().count() > MOST_CHARS {
            return Err(InvalidValue(format!("Query must be at most {MOST_CHARS} characters")));
        }
        let mut words: Vec<Vec<char>> = Vec::new();
        for word in text.split_whitespace().map(folded) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if words.is_empty() || words.len() > MOST_WORDS {
            return Err(InvalidValue(format!("Query must have 1 to {MOST_WORDS} words")));
        }
        Ok(Self(words))
    }

    /// For each word, its longest part that a database that folds only ASCII finds in every text
    /// with the word; may be empty.
    pub fn needles(&self) -> Vec<String> {
        let longest = |word: &Vec<char>| {
            let parts = word.split(|c| !is_found_by_ascii(*c));
            parts.max_by_key(|part| part.len()).unwrap_or_default().iter().collect()
        };
        self.0.iter().map(longest).collect()
    }

    /// Whether the needles are the words themselves, so that every text with the needles is a hit.
    pub fn is_exact(&self) -> bool {
        self.0.iter().flatten().all(|c| is_found_by_ascii(*c))
    }

    /// Where the words are in a question and its answer; `None` unless every word is in one.
    fn ranges(&self, question: &str, answer: &str) -> Option<(Ranges, Ranges)> {
        let (question, answer) = (folded(question), folded(answer));
        let mut found = (Vec::new(), Vec::new());
        for word in &self.0 {
            let (asked, answered) = (occurrences(&question, word), occurrences(&answer, word));
            if asked.is_empty() && answered.is_empty() {
                return None;
            }
            found.0.extend(asked);
            found.1.extend(answered);
        }
        Some((merged(found.0), merged(found.1)))
    }
}

/// Ranges of characters, in order, without overlap.
pub type Ranges = Vec<Range<usize>>;

fn occurrences(text: &[char], word: &[char]) -> Ranges {
    let starts = text.windows(word.len()).enumerate().filter(|(_, window)| *window == word);
    starts.map(|(start, _)| start..start + word.len()).collect()
}

fn merged(mut ranges: Ranges) -> Ranges {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut apart: Ranges = Vec::new();
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// Where a page of hits ends. Hits are sorted by interview, newest first, then by question id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchCursor {
    /// The interview.
    pub interview: InterviewId,
    /// Its question.
    pub question: QuestionId,
}

/// A question with its latest answer, as a store finds it.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchCandidate {
    /// The interview.
    pub interview_id: InterviewId,
    /// Its role.
    pub role: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// The question.
    pub question_id: QuestionId,
    /// What is asked.
    pub question_text: String,
    /// Its position in the interview.
    pub order: i32,
    /// Its topic; empty when unknown.
    pub topic: String,
    /// The latest answer to it.
    pub answer: Option<FoundAnswer>,
}

impl SearchCandidate {
    /// Its position in the order of hits.
    pub fn cursor(&self) -> SearchCursor {
        SearchCursor { interview: self.interview_id, question: self.question_id }
    }
}

/// An answer that is searched.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundAnswer {
    /// Its id.
    pub id: AnswerId,
    /// Which attempt at its question it is, from 1.
    pub attempt: i32,
    /// Its text.
    pub text: String,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The scores and the grader that gave them, once it is evaluated.
    pub graded: Option<(Grader, Scores)>,
    /// Until when the scores are withheld.
    pub withheld: Withheld,
}

impl FoundAnswer {
    /// Returns the answer without its scores if they are withheld at `now`.
    #[must_use]
    pub fn told_at(self, now: Timestamp) -> Self {
        let graded = self.graded.filter(|_| !self.withheld.at(now));
        Self { graded, ..self }
    }
}

/// A question that contains every word, in its text or in its latest answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The question; its answer's text is cut to the snippet.
    pub candidate: SearchCandidate,
    /// Where the words are in the question.
    pub in_question: Ranges,
    /// Where the words are in the snippet.
    pub in_snippet: Ranges,
}

impl Hit {
    /// Makes a hit of a candidate if it contains every word.
    pub fn of(mut candidate: SearchCandidate, query: &SearchQuery) -> Option<Self> {
        let answer = candidate.answer.as_ref().map_or("", |answer| answer.text.as_str());
        let (in_question, in_answer) = query.ranges(&candidate.question_text, answer)?;
        let mut in_snippet = Vec::new();
        if let Some(answer) = &mut candidate.answer {
            (answer.text, in_snippet) = snippet(&answer.text, &in_answer);
        }
        Some(Self { candidate, in_question, in_snippet })
    }
}

/// Returns the part of an answer around the first match, with the matches in it; without matches,
/// its beginning. The part begins and ends between words where possible.
fn snippet(text: &str, ranges: &[Range<usize>]) -> (String, Ranges) {
    let chars: Vec<char> = text.chars().collect();
    let first = ranges.first().map_or(0, |range| range.start);
    let mut start = first.saturating_sub(LEAD);
    if start > 0 {
        let gap = chars[start..first].iter().position(|c| c.is_whitespace());
        start = gap.map_or(start, |gap| start + gap + 1);
    }
    // The match may reach past the snippet only where the text has no spaces.
    let mut end = chars.len().min(start + SNIPPET);
    if end < chars.len() {
        let gap = chars[start..end].iter().rposition(|c| c.is_whitespace());
        let found = ranges.first().map_or(start, |range| range.end);
        end = gap.map(|gap| start + gap).filter(|gap| *gap >= found).unwrap_or(end);
    }
    let within = ranges.iter().filter(|range| range.start < end);
    let ranges = within.map(|range| range.start - start..range.end.min(end) - start).collect();
    (chars[start..end].iter().collect(), ranges)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn query(raw: &str) -> SearchQuery {
        SearchQuery::parse(raw).unwrap()
    }

    fn candidate(question: &str, answer: Option<&str>) -> SearchCandidate {
        let at = Timestamp::from_micros(0);
        SearchCandidate {
            interview_id: InterviewId::new(1),
            role: "Backend engineer".into(),
            created_at: at,
            question_id: QuestionId::new(2),
            question_text: question.into(),
            order: 1,
            topic: String::new(),
            answer: answer.map(|text| FoundAnswer {
                id: AnswerId::new(3),
                attempt: 1,
                text: text.into(),
                submitted_at: at,
                graded: None,
                withheld: Withheld::default(),
            }),
        }
    }

    fn found(raw: &str, question: &str, answer: &str) -> Option<(Vec<String>, Vec<String>)> {
        let hit = Hit::of(candidate(question, Some(answer)), &query(raw))?;
        let cut = |text: &str, ranges: &Ranges| {
            let chars: Vec<char> = text.chars().collect();
            ranges.iter().map(|range| chars[range.clone()].iter().collect()).collect()
        };
        let snippet = hit.candidate.answer.unwrap().text;
        Some((cut(question, &hit.in_question), cut(&snippet, &hit.in_snippet)))
    }

    #[test]
    fn every_word_must_be_in_the_question_or_the_answer_in_any_case() {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let both = found("MUTEX größe", "What is a mutex?", "Die GRÖßE eines Mutex.").unwrap();
        assert_eq!(both, (words(&["mutex"]), words(&["GRÖßE", "Mutex"])));
        assert_eq!(found("mutex gross", "What is a mutex?", "Die GRÖßE eines Mutex."), None);
        let cyrillic = found("замок", "Что такое ЗАМОК?", "Замок один.").unwrap();
        assert_eq!(cyrillic, (words(&["ЗАМОК"]), words(&["Замок"])));
        assert_eq!(found("锁", "什么是锁", "互斥").unwrap().0, words(&["锁"]));
        let merged = found("bana nana", "Which fruit?", "A banana.").unwrap();
        assert_eq!(merged.1, words(&["banana"]), "overlapping ranges are merged");
    }

    #[test]
    fn a_query_has_one_to_eight_words() {
        for bad in ["", " \n", "a b c d e f g h i", "nul\0", &"x".repeat(201)] {
            assert!(SearchQuery::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(query(" Lock  lock\tLOCK ").needles(), ["lock"], "each word once");
        assert_eq!(query("ÀB锁c d").needles(), ["b锁c", "d"]);
        assert!(query("锁 c++ (x)").is_exact() && !query("café").is_exact());
    }

    #[test]
    fn a_snippet_is_cut_between_words_around_what_was_found() {
        let text = format!("{} deadlock {}", "before ".repeat(50), "after ".repeat(50));
        let hit = Hit::of(candidate("Why?", Some(&text)), &query("DEADLOCK")).unwrap();
        let snippet = hit.candidate.answer.unwrap().text;
        assert!(snippet.starts_with("before ") && snippet.ends_with("after"), "{snippet}");
        assert!(snippet.chars().count() <= SNIPPET, "{snippet}");
        assert_eq!(&snippet[hit.in_snippet[0].clone()], "deadlock");
        let elsewhere = Hit::of(candidate("Why lock?", Some(&text)), &query("why")).unwrap();
        assert!(elsewhere.candidate.answer.unwrap().text.starts_with("before before"));
        assert!(Hit::of(candidate("Why lock?", None), &query("why")).is_some());
    }

    /// Whether a database that folds only ASCII finds the needle.
    fn is_found(text: &str, needle: &str) -> bool {
        text.to_ascii_lowercase().contains(needle)
    }

    #[test]
    fn folding_a_character_never_hides_it_from_a_database_that_folds_only_ascii() {
        for c in '\0'..=char::MAX {
            let folded = fold(c);
            if is_found_by_ascii(folded) {
                assert_eq!(folded, c.to_ascii_lowercase(), "{c:?}");
            }
            assert_eq!(fold(folded), folded, "{c:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_hit_contains_every_needle_and_its_ranges_are_within_the_texts(
            question in "[aAkKßẞéÉıİ\u{212a}锁 ]{0,30}",
            answer in "[aAkKßẞéÉıİ\u{212a}锁 ]{0,400}",
            words in "[aAkKßẞéÉıİ\u{212a}锁]{1,3}( [aAkKßẞéÉıİ\u{212a}锁]{1,3}){0,2}",
        ) {
            let query = query(&words);
            let both = format!("{question} {answer}");
            let by_needles = query.needles().iter().all(|needle| is_found(&both, needle));
            let hit = Hit::of(candidate(&question, Some(&answer)), &query);
            prop_assert!(hit.is_none() || by_needles);
            if query.is_exact() {
                prop_assert_eq!(hit.is_some(), by_needles);
            }
            if let Some(hit) = hit {
                let snippet = hit.candidate.answer.unwrap().text.chars().count();
                prop_assert!(hit.in_snippet.iter().all(|range| range.start < range.end));
                prop_assert!(hit.in_snippet.iter().all(|range| range.end <= snippet));
                prop_assert!(!hit.in_question.is_empty() || !hit.in_snippet.is_empty());
            }
        }
    }
}
