//! The result for each point of an evaluation, worst first: the list that people read a report for.
//! Other parts of a report do not repeat it.

use std::cmp::Ordering;

use viva_proto::v1::{Dimension, Evaluation, KeyPointResult, QuestionReport};

use super::remarks;

/// Below this confidence an answer "seems to make" a point, as answer.proto says.
const SURE: f64 = 0.75;

/// From this coverage, a point counts as made.
const MADE: f64 = 0.75;

/// The most characters in the feedback's opening.
const LONGEST_OPENING: usize = 240;

/// The most points to choose from: each has a digit.
const MOST_TO_CHOOSE: usize = 9;

/// The most points of one question among those to work on: two bad answers leave room for a third.
const MOST_OF_ONE: usize = 2;

/// The result for a point in an answer; the worst comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// The answer says the opposite.
    Contradicted,
    /// The answer does not mention it.
    Missed,
    /// The answer comes close.
    Near,
    /// The answer makes it.
    Made,
}

/// A point of a rubric with its result in the answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding<'a> {
    /// The result.
    pub(crate) outcome: Outcome,
    /// The point.
    pub(crate) point: &'a str,
    /// The words of the answer that make it, come near it, or contradict it.
    pub(crate) quote: &'a str,
    /// Whether the grader is sure that these words make it.
    pub(crate) is_sure: bool,
    /// The weight that the answer lost, as a share of the rubric.
    pub(crate) lost: f64,
    /// Its position in the rubric, from 0.
    pub(crate) place: usize,
    /// What you say about it, and what came of it.
    pub(crate) remarks: Vec<String>,
}

/// The points of an evaluation, worst first; among equals, the heaviest first.
pub(crate) fn of(evaluation: &Evaluation) -> Vec<Finding<'_>> {
    let points = evaluation.key_points.iter().enumerate();
    let mut all: Vec<Finding<'_>> =
        points.map(|(place, point)| finding(evaluation, point, place)).collect();
    // Points that were made stay in the order of the rubric.
    all.sort_by(|a, b| order(a, b).then(a.place.cmp(&b.place)));
    all
}

fn order(a: &Finding<'_>, b: &Finding<'_>) -> Ordering {
    a.outcome.cmp(&b.outcome).then_with(|| match a.outcome {
        Outcome::Made => Ordering::Equal,
        _ => b.lost.total_cmp(&a.lost),
    })
}

fn finding<'a>(evaluation: &'a Evaluation, point: &'a KeyPointResult, place: usize) -> Finding<'a> {
    let against = contradiction(evaluation, point);
    let outcome = match point.coverage() {
        _ if against.is_some() => Outcome::Contradicted,
        coverage if coverage >= MADE => Outcome::Made,
        coverage if coverage > 0.0 => Outcome::Near,
        _ => Outcome::Missed,
    };
    Finding {
        outcome,
        point: point.point.trim(),
        quote: against.unwrap_or(&point.evidence).trim(),
        is_sure: point.confidence.is_none_or(|confidence| confidence >= SURE),
        lost: point.weight() * (1.0 - point.coverage().clamp(0.0, 1.0)),
        place,
        remarks: remarks::of(point),
    }
}

/// The words that contradict a point: the explanation of the correctness score names both.
fn contradiction<'a>(evaluation: &'a Evaluation, point: &KeyPointResult) -> Option<&'a str> {
    let correctness =
        evaluation.explanations.iter().find(|e| e.dimension() == Dimension::Correctness)?;
    let names_it = point.coverage() <= 0.0
        && !point.point.trim().is_empty()
        && correctness.reason.contains(point.point.trim());
    correctness.evidence.first().map(String::as_str).filter(|_| names_it)
}

/// Whether a text repeats the list of points.
pub(crate) fn is_said(evaluation: &Evaluation, text: &str) -> bool {
    let points = evaluation.key_points.iter().map(|point| point.point.trim());
    points.filter(|point| !point.is_empty()).any(|point| text.contains(point))
}

/// The feedback without what repeats the list of points, and without headings that become empty.
pub(crate) fn rest_of_feedback(evaluation: &Evaluation) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for block in evaluation.feedback.trim().split("\n\n") {
        let is_heading = |block: &str| block.starts_with("**") && block.ends_with("**");
        if block.lines().all(|line| is_said(evaluation, line)) && !block.trim().is_empty() {
            if kept.last().is_some_and(|last| is_heading(last)) {
                kept.pop();
            }
            continue;
        }
        kept.push(block);
    }
    kept.join("\n\n")
}

/// The feedback's opening, if it is short enough to precede the points, and the rest.
pub(crate) fn opening(evaluation: &Evaluation) -> (String, String) {
    let feedback = rest_of_feedback(evaluation);
    let (first, rest) = feedback.split_once("\n\n").unwrap_or((&feedback, ""));
    let is_whole = first.ends_with(['.', '!', '?']);
    let is_sentence =
        is_whole && first.lines().count() <= 1 && first.chars().count() <= LONGEST_OPENING;
    if is_sentence && !first.starts_with(['*', '-', '#']) {
        return (first.to_owned(), rest.to_owned());
    }
    (String::new(), feedback)
}

/// A point to work on, with the question that it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WeakPoint<'a> {
    /// The question's position, from 0.
    pub(crate) question: usize,
    /// The point's result.
    pub(crate) finding: Finding<'a>,
}

/// The heaviest points that the answers contradict or leave out, worst first, at most `most`.
pub(crate) fn to_work_on(questions: &[QuestionReport], most: usize) -> Vec<WeakPoint<'_>> {
    let mut all: Vec<WeakPoint<'_>> = Vec::new();
    for (question, slot) in questions.iter().enumerate() {
        let evaluation = slot.answer.as_ref().and_then(|answer| answer.evaluation.as_ref());
        let open = evaluation.map(of).unwrap_or_default().into_iter();
        let open = open.filter(|finding| finding.outcome != Outcome::Made);
        all.extend(open.take(MOST_OF_ONE).map(|finding| WeakPoint { question, finding }));
    }
    all.sort_by(|a, b| order(&a.finding, &b.finding).then(a.question.cmp(&b.question)));
    all.truncate(most);
    all
}

/// The points to choose from: those of one question, or the heaviest of all questions, worst first.
pub(crate) fn to_choose(
    questions: &[QuestionReport],
    question: Option<usize>,
) -> Vec<WeakPoint<'_>> {
    let Some(at) = question else { return to_work_on(questions, MOST_TO_CHOOSE) };
    let answer = questions.get(at).and_then(|slot| slot.answer.as_ref());
    let found = answer.and_then(|answer| answer.evaluation.as_ref()).map(of).unwrap_or_default();
    let open = found.into_iter().filter(|finding| finding.outcome != Outcome::Made);
    open.take(MOST_TO_CHOOSE).map(|finding| WeakPoint { question: at, finding }).collect()
}

#[cfg(test)]
mod tests {
    use viva_proto::v1::{Answer, ScoreExplanation};

    use super::*;

    fn point(text: &str, weight: f64, coverage: f64, evidence: &str) -> KeyPointResult {
        KeyPointResult {
            point: text.into(),
            weight: Some(weight),
            coverage: Some(coverage),
            evidence: evidence.into(),
            ..KeyPointResult::default()
        }
    }

    fn evaluation() -> Evaluation {
        let correctness = ScoreExplanation {
            dimension: Dimension::Correctness.into(),
            reason: "One statement contradicts a point of a good answer: The log comes first."
                .into(),
            evidence: vec!["the log comes last".into()],
            ..ScoreExplanation::default()
        };
        Evaluation {
            key_points: vec![
                point("It is made.", 0.2, 1.0, "made"),
                point("It is light.", 0.1, 0.0, ""),
                point("It is near.", 0.2, 0.5, "near"),
                point("It is heavy.", 0.3, 0.0, ""),
                point("The log comes first.", 0.2, 0.0, ""),
            ],
            explanations: vec![correctness],
            feedback: "A start.\n\n**What you made clear**\n\n- It is made. You say: “made”\n\n\
                       **What to read**\n\n- A book on logs."
                .into(),
            ..Evaluation::default()
        }
    }

    #[test]
    fn the_worst_comes_first_and_a_contradiction_quotes_the_wrong_words() {
        let evaluation = evaluation();
        let found = of(&evaluation);
        let points: Vec<_> = found.iter().map(|finding| finding.point).collect();
        assert_eq!(
            points,
            ["The log comes first.", "It is heavy.", "It is light.", "It is near.", "It is made."]
        );
        assert_eq!(found[0].outcome, Outcome::Contradicted);
        assert_eq!(found[0].quote, "the log comes last");
    }

    #[test]
    fn the_feedback_does_not_repeat_the_list() {
        let rest = rest_of_feedback(&evaluation());
        assert_eq!(rest, "A start.\n\n**What to read**\n\n- A book on logs.");
        let (first, rest) = opening(&evaluation());
        assert_eq!(
            (first.as_str(), rest.as_str()),
            ("A start.", "**What to read**\n\n- A book on logs.")
        );
    }

    #[test]
    fn the_points_to_work_on_start_with_the_worst_and_leave_room_for_others() {
        let slot = |evaluation| QuestionReport {
            question: None,
            answer: Some(Answer { evaluation: Some(evaluation), ..Answer::default() }),
        };
        let all_missed = Evaluation {
            key_points: vec![
                point("One.", 0.4, 0.0, ""),
                point("Two.", 0.35, 0.0, ""),
                point("Three.", 0.25, 0.0, ""),
            ],
            ..Evaluation::default()
        };
        let questions = [slot(evaluation()), slot(all_missed)];
        let open = to_work_on(&questions, 3);
        let open: Vec<_> = open.iter().map(|open| (open.question, open.finding.point)).collect();
        assert_eq!(open, [(0, "The log comes first."), (1, "One."), (1, "Two.")]);
    }
}
