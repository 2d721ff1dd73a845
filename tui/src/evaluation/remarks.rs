//! What you say against an evaluation: which points can be challenged or are asked about, the
//! sentences of an answer to mark, and what came of it, in words.

use std::ops::Range;

use viva_proto::v1::{KeyPointResult, PointChallenge, PointReading, SelfAssessment};

use crate::{text::neutral_line, words};

/// From this coverage, a point is made in full, and there is nothing to challenge.
const FULL: f64 = 0.99;

/// Below this confidence the grader is not sure of a point, as answer.proto says.
const SURE: f64 = 0.75;

/// The most characters of the words of a challenge.
pub(crate) const MOST_WORDS: usize = 2000;

/// Whether a point can be challenged.
pub(crate) fn can_be_challenged(point: &KeyPointResult) -> bool {
    point.coverage() < FULL
}

/// Whether the grader credits a point without being sure of it, so that you say whether you made it.
pub(crate) fn is_asked_about(point: &KeyPointResult) -> bool {
    point.coverage() > 0.0 && point.confidence.is_some_and(|confidence| confidence < SURE)
}

/// What you said about a point, and what came of it, a sentence each.
pub(crate) fn of(point: &KeyPointResult) -> Vec<String> {
    let challenges = point.challenges.iter().map(challenge);
    let said = said(point.self_assessment());
    challenges.chain(said.map(|said| format!("You say that you made it: {said}."))).collect()
}

/// The word for what you say about a point.
pub(crate) fn said(said: SelfAssessment) -> Option<&'static str> {
    match said {
        SelfAssessment::Unspecified => None,
        SelfAssessment::Yes => Some("yes"),
        SelfAssessment::Partly => Some("partly"),
        SelfAssessment::No => Some("no"),
    }
}

/// A challenge with both readings.
fn challenge(challenge: &PointChallenge) -> String {
    let reading = |reading: &Option<PointReading>| {
        let reading = reading.clone().unwrap_or_default();
        let grader = reading.grader.clone().unwrap_or_default();
        format!("{} (by {})", state(reading.coverage()), neutral_line(&grader.name))
    };
    format!(
        "You challenged this with “{}”. First reading: {}. Second: {}. {}",
        neutral_line(&challenge.words),
        reading(&challenge.first),
        reading(&challenge.second),
        end(challenge)
    )
}

/// What came of a challenge, in a sentence.
pub(crate) fn end(challenge: &PointChallenge) -> String {
    let (before, after) = (challenge.completeness_before(), challenge.completeness_after());
    match challenge.upheld {
        true if after > before => {
            let (before, after) = (words::score(before), words::score(after));
            format!("Completeness rose from {before} to {after}.")
        }
        true => "It counts as found.".to_owned(),
        false => "The evaluation stays as it was.".to_owned(),
    }
}

fn state(coverage: f64) -> &'static str {
    match coverage {
        c if c >= 0.75 => "made",
        c if c > 0.0 => "in part",
        _ => "missing",
    }
}

/// The sentences of an answer as byte ranges, in order, without the white space around them.
pub(crate) fn sentences(answer: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = answer.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let ends = match c {
            '\n' | '。' | '！' | '？' => true,
            '.' | '!' | '?' | ';' => next.is_none_or(char::is_whitespace),
            _ => next.is_none(),
        };
        if ends {
            let end = at + c.len_utf8();
            push_trimmed(&mut found, answer, start..end);
            start = end;
        }
    }
    found
}

fn push_trimmed(found: &mut Vec<Range<usize>>, answer: &str, range: Range<usize>) {
    let text = answer.get(range.clone()).unwrap_or_default();
    let start = range.end - text.trim_start().len();
    let trimmed = start..start + text.trim().len();
    if !trimmed.is_empty() {
        found.push(trimmed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_cut_into_its_sentences() {
        let answer = "It costs 1.5 times. Does it?\n\nfn main() {}\n  last one\u{3002}終わり";
        let texts: Vec<_> = sentences(answer).into_iter().map(|range| &answer[range]).collect();
        assert_eq!(
            texts,
            ["It costs 1.5 times.", "Does it?", "fn main() {}", "last one\u{3002}", "終わり"]
        );
        assert!(sentences(" \n ").is_empty());
    }

    #[test]
    fn a_challenge_is_told_with_both_readings_and_what_came_of_it() {
        let reading = |coverage| {
            let grader = viva_proto::v1::Grader { name: "viva".into(), ..Default::default() };
            Some(PointReading {
                coverage: Some(coverage),
                grader: Some(grader),
                ..Default::default()
            })
        };
        let upheld = PointChallenge {
            words: "a\u{1b}[2Jb".into(),
            first: reading(0.0),
            second: reading(1.0),
            upheld: true,
            completeness_before: Some(5.6),
            completeness_after: Some(8.1),
            ..PointChallenge::default()
        };
        let point = KeyPointResult {
            challenges: vec![upheld],
            self_assessment: SelfAssessment::Partly.into(),
            ..KeyPointResult::default()
        };
        let told = of(&point);
        assert!(told[0].ends_with(
            "First reading: missing (by viva). Second: made (by viva). Completeness rose from 5.6 to 8.1."
        ));
        assert!(!told[0].contains('\u{1b}'), "{told:?}");
        assert_eq!(told[1], "You say that you made it: partly.");
    }
}
