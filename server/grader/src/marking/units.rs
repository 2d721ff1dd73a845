//! Units: the sentences and clauses of an answer that may earn credit.

use crate::lexicon::{Lexicon, WordId};
use crate::passage::StemSet;
use crate::text::sentences::pieces;
use crate::text::tokens::{Token, within};
use crate::text::{clauses, sentences};
use std::collections::HashSet;
use std::ops::Range;

/// Part of a folded text, never without a word.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    pub(crate) bytes: Range<usize>,
    /// The words that lie in it, as places among the tokens of the text.
    pub(crate) tokens: Range<usize>,
}

impl Span {
    /// From the beginning of this span to the end of a later one.
    pub(crate) fn to(&self, later: &Self) -> Self {
        Self {
            bytes: self.bytes.start..later.bytes.end,
            tokens: self.tokens.start..later.tokens.end,
        }
    }
}

/// What may earn credit: no sentence twice, and no clause that only repeats the question.
#[derive(Debug)]
pub(crate) struct Units {
    pub(crate) sentences: Vec<Span>,
    pub(crate) clauses: Vec<Span>,
}

// Longer answers are read no further than this, which bounds the work.
const MOST_READ: usize = 80;
const MOST_SENTENCES: usize = 60;
const MOST_CLAUSES: usize = 120;

/// Clauses with fewer words are joined with the next one.
const SHORTEST_CLAUSE: usize = 5;

/// The sentences of a text.
pub(crate) fn sentence_spans(text: &str, tokens: &[Token<WordId>]) -> Vec<Span> {
    spans(tokens, pieces(0..text.len(), sentences::separators(text)))
}

impl Units {
    pub(crate) fn new(
        text: &str,
        tokens: &[Token<WordId>],
        lexicon: &Lexicon<'_>,
        question: &StemSet,
    ) -> Self {
        let mut units = Self { sentences: Vec::new(), clauses: Vec::new() };
        let mut seen = HashSet::new();
        for sentence in sentence_spans(text, tokens).into_iter().take(MOST_READ) {
            let words: Vec<_> = tokens[sentence.tokens.clone()].iter().map(|t| t.word).collect();
            if !seen.insert(words) {
                continue;
            }
            let mut clauses = clauses(text, tokens, &sentence);
            clauses.retain(|clause| !repeats_question(clause, tokens, lexicon, question));
            if let [first, .., last] | [first @ last] = clauses.as_slice() {
                units.sentences.push(first.to(last));
            }
            units.clauses.append(&mut clauses);
        }
        units.sentences.truncate(MOST_SENTENCES);
        units.clauses.truncate(MOST_CLAUSES);
        units
    }

    /// Each sentence together with the next one; a sentence that is alone stands for itself.
    pub(crate) fn windows(&self) -> Vec<Span> {
        match self.sentences.as_slice() {
            [alone] => vec![alone.clone()],
            sentences => sentences.array_windows().map(|[a, b]| a.to(b)).collect(),
        }
    }
}

fn spans(tokens: &[Token<WordId>], pieces: Vec<Range<usize>>) -> Vec<Span> {
    let spans = pieces.into_iter().map(|bytes| Span { tokens: within(tokens, &bytes), bytes });
    spans.filter(|span| !span.tokens.is_empty()).collect()
}

/// The clauses of a sentence, none shorter than [`SHORTEST_CLAUSE`] unless the sentence is.
fn clauses(text: &str, tokens: &[Token<WordId>], sentence: &Span) -> Vec<Span> {
    let at = sentence.bytes.start;
    let separators = clauses::separators(&text[sentence.bytes.clone()]);
    let separators = separators.into_iter().map(|range| range.start + at..range.end + at);
    let mut clauses: Vec<Span> = Vec::new();
    let mut short: Option<Span> = None;
    for piece in spans(tokens, pieces(sentence.bytes.clone(), separators)) {
        let clause = short.take().map_or(piece.clone(), |before| before.to(&piece));
        if clause.tokens.len() < SHORTEST_CLAUSE {
            short = Some(clause);
        } else {
            clauses.push(clause);
        }
    }
    if let Some(rest) = short {
        let joined = clauses.pop().map_or(rest.clone(), |before| before.to(&rest));
        clauses.push(joined);
    }
    clauses
}

/// Whether at least four in five of the content words, and no fewer than three, are the question's.
fn repeats_question(
    clause: &Span,
    tokens: &[Token<WordId>],
    lexicon: &Lexicon<'_>,
    question: &StemSet,
) -> bool {
    let words = tokens[clause.tokens.clone()].iter().map(|token| lexicon.word(token.word));
    let content: Vec<_> = words.filter(|word| word.class.is_content()).collect();
    let repeated = content.iter().filter(|word| question.contains(word.stem)).count();
    content.len() >= 3 && repeated as f64 >= 0.8 * content.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::prepared::Prepared;
    use crate::rubric::Rubric;
    use serde_json::Value;

    /// Calls `check` with the number of each conformance case, the case, its rubric and its answer.
    fn for_each_case(check: impl Fn(usize, &Value, &Prepared, &Answer<'_>)) {
        let lines = include_str!("../../tests/vectors.jsonl").lines();
        let cases = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
        for (n, case) in cases.filter(|case| case["type"] == "rubric").enumerate() {
            let text = |name: &str| case[name].as_str().unwrap().to_owned();
            let points = case["key_points"].as_array().unwrap().iter();
            let points = points.map(|point| {
                serde_json::json!({"point": point[0], "weight": point[1], "phrasings": point[2]})
            });
            let rubric = Rubric {
                question: text("question"),
                reference: text("reference"),
                key_points: points.map(|point| serde_json::from_value(point).unwrap()).collect(),
                mistakes: serde_json::from_value(case["mistakes"].clone()).unwrap(),
            };
            let prepared = Prepared::new(&rubric);
            check(n, &case, &prepared, &Answer::new(&prepared.lexicon, &text("answer")));
        }
    }

    fn texts<'a>(answer: &'a Answer<'_>, spans: &[Span]) -> Vec<&'a str> {
        spans.iter().map(|span| &answer.folded.text[span.bytes.clone()]).collect()
    }

    #[test]
    fn folded_text_sentences_and_clauses_agree_with_the_reference_implementation() {
        for_each_case(|n, case, prepared, answer| {
            assert_eq!(answer.folded.text, case["folded"], "{n}");
            let text = &answer.folded.text;
            let units = Units::new(text, &answer.tokens, &answer.lexicon, &prepared.question);
            assert_eq!(Value::from(texts(answer, &units.sentences)), case["sentences"], "{n}");
            assert_eq!(Value::from(texts(answer, &units.clauses)), case["clauses"], "{n}");
        });
    }

    #[test]
    fn the_mass_of_a_rubric_agrees_with_the_reference_implementation() {
        for_each_case(|n, case, prepared, _| {
            let expected = case["rubric_mass"].as_f64().unwrap();
            assert!((prepared.mass - expected).abs() < 1e-3, "{n}: {}", prepared.mass);
        });
    }
}
