//! Grading an answer outside any interview: the caller brings the question, rubric and answer.
//! Their sizes are limited here, because they cost this server time and memory; `viva grade` runs
//! on the user's own machine and has no such limits.

use std::sync::Arc;

use super::{
    answer::AnswerText,
    interview::Level,
    question::{KeyPoint, Mistake, Rubric},
    text::{is_visible, without_nul},
    violation::{InvalidValue, Violations},
};

/// An answer to grade, with its question and rubric.
#[derive(Debug, Clone, PartialEq)]
pub struct GradingTask {
    /// What was asked.
    pub question: String,
    /// What the answer is graded against; the answers of a batch may share it.
    pub rubric: Arc<CallersRubric>,
    /// What was answered; empty is allowed, and is the worst answer.
    pub answer: String,
    /// How experienced the candidate is meant to be.
    pub level: Level,
    /// BCP 47 tag of the language for feedback.
    pub language: String,
}

/// A rubric with the caller's ids for its parts, which are returned with their results.
#[derive(Debug, Clone, PartialEq)]
pub struct CallersRubric {
    /// What answers are graded against.
    pub rubric: Rubric,
    /// One for each key point; empty if the caller gave no id.
    pub point_ids: Vec<String>,
    /// One for each mistake; empty if the caller gave no id.
    pub mistake_ids: Vec<String>,
}

/// A rubric whose parts have no ids.
impl From<Rubric> for CallersRubric {
    fn from(rubric: Rubric) -> Self {
        Self { rubric, point_ids: Vec::new(), mistake_ids: Vec::new() }
    }
}

/// The most characters of a question.
pub const MOST_QUESTION_CHARS: usize = 4000;

/// The most characters of a reference.
pub const MOST_REFERENCE_CHARS: usize = 20_000;

/// The most key points, and the most mistakes, of a rubric.
pub const MOST_PARTS: usize = 50;

/// The most characters of a point, of a phrasing, and of each half of a mistake.
pub const MOST_PART_CHARS: usize = 1000;

/// The most phrasings of a point.
pub const MOST_PHRASINGS: usize = 10;

/// The most characters of all texts of a rubric together.
pub const MOST_RUBRIC_CHARS: usize = 40_000;

/// The most characters of an id that a caller chose.
pub const MOST_ID_CHARS: usize = 64;

/// The largest weight, so that the sum of all weights stays finite.
const MOST_WEIGHT: f64 = 1e6;

/// Parses a text with visible characters, at most `most` of them; `what` names it in the fault.
pub fn parse_text(raw: &str, what: &str, most: usize) -> Result<String, InvalidValue> {
    if raw.trim().is_empty() {
        return Err(InvalidValue(format!("{what} must not be empty")));
    }
    if !is_visible(raw) {
        return Err(InvalidValue(format!("{what} must contain visible characters")));
    }
    within(raw, what, most)
}

/// Parses an answer, which may be empty.
pub fn parse_answer(raw: &str) -> Result<String, InvalidValue> {
    within(raw, "Answer", AnswerText::MAX_CHARS)
}

/// Parses an id that a caller chose; may be empty.
pub fn parse_id(raw: &str) -> Result<String, InvalidValue> {
    within(raw, "Id", MOST_ID_CHARS)
}

fn within(raw: &str, what: &str, most: usize) -> Result<String, InvalidValue> {
    without_nul(raw).map_err(|InvalidValue(fault)| InvalidValue(format!("{what} {fault}")))?;
    if raw.chars().count() > most {
        return Err(InvalidValue(format!("{what} must be at most {} characters", grouped(most))));
    }
    Ok(raw.to_owned())
}

/// Writes a number below a million with a comma: "20,000".
fn grouped(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", number / 1000, number % 1000),
    }
}

/// Returns the rubric unless it is too large as a whole; the fault is then of the largest field.
pub fn parse_size(rubric: Rubric) -> Result<Rubric, (&'static str, InvalidValue)> {
    let chars = |text: &String| text.chars().count();
    let point = |p: &KeyPoint| chars(&p.point) + p.phrasings.iter().map(chars).sum::<usize>();
    let mistake = |m: &Mistake| chars(&m.claim) + chars(&m.why_wrong);
    let parts = [
        ("reference", chars(&rubric.reference)),
        ("key_points", rubric.key_points.iter().map(point).sum()),
        ("mistakes", rubric.mistakes.iter().map(mistake).sum()),
    ];
    if parts.iter().map(|(_, chars)| chars).sum::<usize>() <= MOST_RUBRIC_CHARS {
        return Ok(rubric);
    }
    let largest = parts.into_iter().max_by_key(|(_, chars)| *chars);
    let most = grouped(MOST_RUBRIC_CHARS);
    let fault =
        format!("Reference, key points and mistakes together must be at most {most} characters");
    Err((largest.map_or("reference", |(field, _)| field), InvalidValue(fault)))
}

/// Parses a weight relative to the others; 1 if not given.
pub fn parse_weight(raw: Option<f64>) -> Result<f64, InvalidValue> {
    match raw {
        None => Ok(1.0),
        Some(weight) if weight > 0.0 && weight <= MOST_WEIGHT => Ok(weight),
        Some(_) => Err("Weight must be above 0 and at most 1,000,000".into()),
    }
}

/// Parses the reference; if it is empty, the key points together are the reference.
pub fn parse_reference(raw: &str, key_points: &[KeyPoint]) -> Result<String, InvalidValue> {
    if !raw.is_empty() {
        return parse_text(raw, "Reference", MOST_REFERENCE_CHARS);
    }
    if key_points.is_empty() {
        return Err("Please give a reference or key points".into());
    }
    let points: Vec<_> = key_points.iter().map(|point| point.point.as_str()).collect();
    Ok(points.join(" "))
}

/// Parses a key point of a rubric.
pub fn parse_point(
    point: &str,
    weight: Option<f64>,
    phrasings: &[String],
) -> Result<KeyPoint, Violations> {
    let mut violations = Violations::new();
    let point = violations.check("point", parse_text(point, "Point", MOST_PART_CHARS));
    let weight = violations.check("weight", parse_weight(weight));
    let most = (MOST_PHRASINGS, "There must be at most 10 phrasings");
    let phrasings = violations
        .check_each("phrasings", phrasings, most, |text| within(text, "Phrasing", MOST_PART_CHARS));
    match (point, weight, phrasings) {
        (Some(point), Some(weight), Some(phrasings)) => Ok(KeyPoint { point, weight, phrasings }),
        _ => Err(violations),
    }
}

/// Parses a common mistake of a rubric.
pub fn parse_mistake(claim: &str, why_wrong: &str) -> Result<Mistake, Violations> {
    let mut violations = Violations::new();
    let claim = violations.check("claim", parse_text(claim, "Claim", MOST_PART_CHARS));
    let why_wrong = parse_text(why_wrong, "What is wrong with it", MOST_PART_CHARS);
    match (claim, violations.check("why_wrong", why_wrong)) {
        (Some(claim), Some(why_wrong)) => Ok(Mistake { claim, why_wrong }),
        _ => Err(violations),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rubric_needs_a_reference_or_key_points() {
        let point = |text: &str| parse_point(text, None, &[]).unwrap();
        assert_eq!(parse_reference("", &[point("One."), point("Two.")]).unwrap(), "One. Two.");
        assert_eq!(parse_reference("So.", &[point("One.")]).unwrap(), "So.");
        assert!(parse_reference("", &[]).is_err() && parse_reference(" ", &[]).is_err());
    }

    #[test]
    fn a_weight_is_one_by_default_and_never_zero_or_infinite() {
        assert_eq!(parse_weight(None).unwrap().to_string(), "1");
        assert!(parse_weight(Some(1e6)).is_ok() && parse_weight(Some(1e-300)).is_ok());
        for bad in [0.0, -1.0, 1e6 + 1.0, 1e308, f64::NAN, f64::INFINITY] {
            assert!(parse_weight(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_fault_of_a_part_is_reported_with_its_field() {
        let fields = |wrong: Violations| -> Vec<String> {
            wrong.list().iter().map(|violation| violation.field.clone()).collect()
        };
        let phrasings = ["so".to_owned(), "x".repeat(1001)];
        let wrong = parse_point(" ", Some(0.0), &phrasings).unwrap_err();
        assert_eq!(fields(wrong), ["point", "weight", "phrasings[1]"]);
        assert_eq!(fields(parse_mistake("", "").unwrap_err()), ["claim", "why_wrong"]);
    }

    #[test]
    fn no_text_may_contain_a_nul_character() {
        let nul = "a\0b";
        assert_eq!(
            parse_answer(nul).unwrap_err().0,
            "Answer must not contain the character U+0000"
        );
        assert!(parse_text(nul, "Question", 10).is_err() && parse_id(nul).is_err());
        assert!(parse_point(nul, None, &[]).is_err() && parse_mistake("c", nul).is_err());
        assert!(parse_point("p", None, &[nul.to_owned()]).is_err());
        assert!(parse_reference(nul, &[]).is_err());
    }

    #[test]
    fn a_text_may_be_as_long_as_its_limit_but_not_one_character_longer() {
        let text = |chars: usize| "ä".repeat(chars);
        assert!(parse_answer("").is_ok() && parse_answer(&text(20_000)).is_ok());
        let fault = parse_answer(&text(20_001)).unwrap_err();
        assert_eq!(fault.0, "Answer must be at most 20,000 characters");
        assert!(parse_reference(&text(20_000), &[]).is_ok());
        assert!(parse_reference(&text(20_001), &[]).is_err());
        assert!(parse_point(&text(1000), None, &vec![text(1000); 10]).is_ok());
        assert!(parse_point(&text(1001), None, &[]).is_err());
        assert!(parse_point("p", None, &[text(1001)]).is_err());
        assert!(parse_point("p", None, &vec![text(1); 11]).is_err());
        assert!(parse_mistake(&text(1000), &text(1000)).is_ok());
        assert!(parse_mistake(&text(1001), "w").is_err());
        assert!(parse_mistake("c", &text(1001)).is_err());
        assert!(parse_id(&text(64)).is_ok() && parse_id(&text(65)).is_err());
    }

    #[test]
    fn a_rubric_that_is_too_large_is_reported_at_its_largest_part() {
        let rubric = |reference: usize, mistakes: usize| Rubric {
            reference: "r".repeat(reference),
            key_points: vec![parse_point("p", None, &["q".repeat(999)]).unwrap(); 10],
            mistakes: vec![parse_mistake(&"c".repeat(500), &"w".repeat(500)).unwrap(); mistakes],
        };
        assert!(parse_size(rubric(20_000, 10)).is_ok());
        let (field, fault) = parse_size(rubric(20_001, 10)).unwrap_err();
        assert_eq!(field, "reference");
        assert!(fault.0.ends_with("together must be at most 40,000 characters"), "{}", fault.0);
        assert_eq!(parse_size(rubric(1, 30)).unwrap_err().0, "mistakes");
    }
}
