//! Challenges of a point: which words a person means, and what an evaluation becomes if a second
//! reading of them finds more of the point than the first. Scores follow the points by one rule,
//! whichever grader gave them: completeness rises by the point's share of the rubric.

use std::ops::Range;

use super::{
    evidence::Searchable,
    explain::{add, completeness, first_to_say, one_line},
    passage::passage,
};
use crate::domain::{
    evaluation::{Assessment, AssessmentParts, Explanation, FULL, KeyPointResult, ScoreRange},
    provenance::Opinion,
    score::{Dimension, Score},
};

/// Words of an answer, with the sentences that they are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked<'a> {
    /// The words, verbatim from the answer.
    pub words: &'a str,
    /// What is read: the rest of a sentence may take back what the words say.
    pub passage: &'a str,
}

/// The first place where the answer has these words; `None` if it does not, or if they say nothing.
pub fn marked<'a>(answer: &'a str, words: &str) -> Option<Marked<'a>> {
    let place = Searchable::new(answer).whole_place(words)?;
    let text = |range: Range<usize>| answer.get(range).filter(|text| !text.is_empty());
    Some(Marked { words: text(place.clone())?, passage: text(passage(answer, &place))? })
}

/// The assessment after a second reading of the point with that index; `None` unless the reading
/// finds more of it. Only this point and completeness change, with what is said about them.
pub fn upheld(
    before: &Assessment,
    point: usize,
    reading: &KeyPointResult,
    answer: &str,
) -> Option<Assessment> {
    let mut parts = before.clone().into_parts();
    let kept = parts.key_points.get_mut(point)?;
    let gain = reading.coverage - kept.coverage;
    if gain <= 0.0 {
        return None;
    }
    kept.coverage = reading.coverage;
    kept.evidence.clone_from(&reading.evidence);
    kept.confidence = reading.confidence;
    let (kept, was) = (kept.clone(), parts.scores);
    parts.scores.completeness = raised(was.completeness, 10.0 * kept.weight * gain)?;
    let rise = parts.scores.mean() - was.mean();
    parts.range = parts.range.map(|range| shifted(range, rise, parts.scores.mean()));
    explain_again(&mut parts, &kept);
    parts.provenance.note = noted(&parts, was.completeness);
    stand_alone(&mut parts);
    // The same text graded anew must not inherit what this person's challenge added.
    parts.provenance.fingerprint = None;
    Assessment::check(parts, answer)
        .inspect_err(|error| tracing::error!(%error, "a challenged evaluation broke a rule"))
        .ok()
}

/// The score and its gain, rounded down to one decimal, but never below the score.
fn raised(score: Score, gain: f64) -> Option<Score> {
    let sum = (score.get() + gain).min(10.0);
    let rounded = (sum * 10.0 + 1e-6).floor() / 10.0;
    Score::new(rounded.clamp(score.get(), 10.0))
}

/// The range moved with the mean that it is about.
fn shifted(range: ScoreRange, rise: f64, mean: f64) -> ScoreRange {
    ScoreRange {
        low: (range.low + rise).clamp(0.0, 10.0).min(mean),
        high: (range.high + rise).clamp(0.0, 10.0).max(mean),
    }
}

/// Brings what is said about the scores in line with the points.
fn explain_again(parts: &mut AssessmentParts, raised: &KeyPointResult) {
    let about_point = |text: &str| text.ends_with(&raised.point);
    let fresh = completeness(&parts.key_points, parts.scores.completeness);
    let say_first = first_to_say(&parts.key_points);
    for explanation in &mut parts.explanations {
        match explanation.dimension {
            Dimension::Completeness => *explanation = fresh.clone(),
            Dimension::Correctness if says_plainly(explanation) => {
                explanation.next_step.clone_from(&say_first);
            }
            _ => {}
        }
    }
    if raised.coverage >= FULL {
        parts.suggestions.retain(|suggestion| !about_point(suggestion));
    } else {
        for suggestion in parts.suggestions.iter_mut().filter(|text| about_point(text)) {
            *suggestion = add(raised);
        }
    }
    let (point, quote) = (one_line(&raised.point), one_line(&raised.evidence));
    let addition = format!("\n\n**After your challenge**\n\n- {point} You say: “{quote}”");
    parts.feedback.push_str(&addition);
}

/// Whether the next step is to say a point, not to correct something.
fn says_plainly(explanation: &Explanation) -> bool {
    explanation.next_step.starts_with("Say this plainly: ")
}

fn noted(parts: &AssessmentParts, before: Score) -> String {
    let (before, after) = (before.get(), parts.scores.completeness.get());
    let note = if after > before {
        format!("You challenged a point: completeness rose from {before:.1} to {after:.1}.")
    } else {
        "You challenged a point: it counts as made further, which changes no score.".to_owned()
    };
    let notes = [parts.provenance.note.clone(), note];
    notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Adds the scores as an opinion of their own, if there were several before.
fn stand_alone(parts: &mut AssessmentParts) {
    let opinions = &mut parts.provenance.opinions;
    if opinions.is_empty() {
        return;
    }
    for opinion in opinions.iter_mut() {
        opinion.stands = false;
    }
    opinions.push(Opinion { grader: parts.grader.clone(), scores: parts.scores, stands: true });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::sample;

    const MISSED: usize = 1;

    fn reading(coverage: f64) -> KeyPointResult {
        let found = if coverage > 0.0 { "The others wait." } else { "" };
        KeyPointResult {
            coverage,
            evidence: found.to_owned(),
            confidence: (coverage > 0.0).then_some(0.9),
            ..sample::assessment().key_points[MISSED].clone()
        }
    }

    #[test]
    fn the_words_are_read_with_the_rest_of_their_sentence() {
        let answer = "I do not think that it is\nkept sorted. It grows.";
        let found = marked(answer, "It is kept SORTED").unwrap();
        let whole = "I do not think that it is\nkept sorted.";
        assert_eq!((found.words, found.passage), ("it is\nkept sorted", whole));
        let found = marked("It is not the case that it is sorted. No.", "it is sorted").unwrap();
        assert_eq!(found.passage, "It is not the case that it is sorted.");
        assert_eq!(marked(answer, "is not there"), None);
        assert_eq!(marked(answer, "..."), None);
    }

    #[test]
    fn an_upheld_challenge_raises_completeness_by_the_points_share_and_says_so() {
        let before = sample::assessment();
        let after = upheld(&before, MISSED, &reading(1.0), sample::ANSWER).unwrap();
        // 5.6 and a quarter of 10.
        assert_eq!(Some(after.scores.completeness), Score::new(8.1));
        assert_eq!(after.scores.correctness, before.scores.correctness);
        assert_eq!(after.key_points[0], before.key_points[0]);
        assert_eq!(after.key_points[MISSED].evidence, "The others wait.");
        let said = &after.explanations[1];
        assert_eq!(said.reason, "It makes all two points of a good answer.");
        assert!(after.provenance.note.ends_with("completeness rose from 5.6 to 8.1."));
        assert!(after.feedback.starts_with(&before.feedback));
        assert!(after.feedback.contains("Waiting costs time"), "{}", after.feedback);
        assert_eq!(after.provenance.fingerprint, None);
        assert_eq!(after.provenance.opinions.len(), 3, "the earlier scores stay as an opinion");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn a_challenge_never_raises_a_score_without_support_and_never_lowers_one(
            weight in 0.0..=1.0_f64,
            before in 0.0..=1.0_f64,
            after in prop_oneof![Just(0.0), Just(0.5), Just(1.0), 0.0..=1.0_f64],
            completeness in (0..=100).prop_map(|tenths| f64::from(tenths) / 10.0),
            has_range in any::<bool>(),
        ) {
            let mut parts = sample::assessment_parts();
            parts.key_points[0].weight = 1.0 - weight;
            parts.key_points[MISSED].weight = weight;
            parts.key_points[MISSED].coverage = before;
            parts.key_points[MISSED].evidence = "The others wait.".into();
            parts.scores.completeness = Score::new(completeness).unwrap();
            parts.explanations[1] = super::completeness(&parts.key_points, parts.scores.completeness);
            parts.provenance.opinions.clear();
            let mean = parts.scores.mean();
            parts.range = has_range.then_some(ScoreRange { low: mean, high: (mean + 1.0).min(10.0) });
            let was = Assessment::check(parts, sample::ANSWER).unwrap();
            let Some(now) = upheld(&was, MISSED, &reading(after), sample::ANSWER) else {
                prop_assert!(after <= before, "a supported challenge counts");
                return Ok(());
            };
            prop_assert!(after > before, "no rise without support");
            let rise = now.scores.completeness.get() - completeness;
            prop_assert!((0.0..=10.0 * weight * (after - before) + 1e-6).contains(&rise), "{rise}");
            let others = |a: &Assessment| (a.scores.correctness, a.scores.quality, a.scores.communication);
            prop_assert_eq!(others(&was), others(&now));
        }
    }
}
