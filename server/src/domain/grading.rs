//! Grading an answer that belongs to no interview: whoever asks brings question, rubric and answer.
//! How large it may be is bounded here: what others send costs this server, while `viva grade`, on a
//! person's own machine, takes what it is given.

use super::{
    answer::AnswerText,
    interview::Level,
    question::{KeyPoint, Mistake, Rubric},
    text::is_visible,
    violation::Fault,
};

/// An answer that is to be graded, with what it is graded by.
#[derive(Debug, Clone, PartialEq)]
pub struct GradingTask {
    /// What was asked.
    pub question: String,
    /// What the answer is graded against.
    pub rubric: Rubric,
    /// What was answered; may be empty, which is the worst answer and no fault.
    pub answer: String,
    /// How experienced the candidate is meant to be.
    pub level: Level,
    /// BCP 47 tag of the language for feedback.
    pub language: String,
}

/// The most characters of a question.
pub const MOST_QUESTION_CHARS: usize = 4000;

/// The most characters of a reference.
const MOST_REFERENCE_CHARS: usize = 20_000;

/// The most points of a rubric, and the most mistakes.
const MOST_PARTS: usize = 50;

/// The most characters of a point, of a phrasing, and of each half of a mistake.
const MOST_PART_CHARS: usize = 1000;

/// The most phrasings of a point.
const MOST_PHRASINGS: usize = 10;

/// The most characters of all texts of a rubric together.
const MOST_RUBRIC_CHARS: usize = 40_000;

/// A text that says something, in at most that many characters.
pub fn parse_text(raw: &str, what: &str, most: usize) -> Result<String, Fault> {
    if raw.trim().is_empty() {
        return Err(Fault(format!("{what} must not be empty")));
    }
    if !is_visible(raw) {
        return Err(Fault(format!("{what} must have characters that can be seen")));
    }
    within(raw, what, most)
}

/// What was answered; nothing at all is an answer, too.
pub fn parse_answer(raw: &str) -> Result<String, Fault> {
    within(raw, "Answer", AnswerText::MAX_CHARS)
}

fn within(raw: &str, what: &str, most: usize) -> Result<String, Fault> {
    if raw.chars().count() > most {
        return Err(Fault(format!("{what} must be at most {} characters", grouped(most))));
    }
    Ok(raw.to_owned())
}

/// A number below a million as people read it: "20,000".
fn grouped(number: usize) -> String {
    match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", number / 1000, number % 1000),
    }
}

/// The rubric, unless it is too large as a whole; then the field with the most text is at fault.
pub fn parse_size(rubric: Rubric) -> Result<Rubric, (&'static str, Fault)> {
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
    Err((largest.map_or("reference", |(field, _)| field), Fault(fault)))
}

/// A weight relative to others; one where none is given.
pub fn parse_weight(raw: Option<f64>) -> Result<f64, Fault> {
    match raw {
        None => Ok(1.0),
        Some(weight) if weight.is_finite() && weight > 0.0 => Ok(weight),
        Some(_) => Err("weight must be a number above 0".into()),
    }
}

/// What a good answer says: the reference, or the points where there is none.
pub fn parse_reference(raw: &str, key_points: &[KeyPoint]) -> Result<String, Fault> {
    if !raw.is_empty() {
        return parse_text(raw, "Reference", MOST_REFERENCE_CHARS);
    }
    if key_points.is_empty() {
        return Err("Please give a reference or key points".into());
    }
    let points: Vec<_> = key_points.iter().map(|point| point.point.as_str()).collect();
    Ok(points.join(" "))
}

/// A point of a rubric.
pub fn parse_point(
    point: &str,
    weight: Option<f64>,
    phrasings: &[String],
) -> Result<KeyPoint, Fault> {
    if phrasings.len() > MOST_PHRASINGS {
        return Err(Fault(format!("there must be at most {MOST_PHRASINGS} phrasings")));
    }
    let phrasings = phrasings.iter().map(|text| within(text, "a phrasing", MOST_PART_CHARS));
    Ok(KeyPoint {
        point: parse_text(point, "point", MOST_PART_CHARS)?,
        weight: parse_weight(weight)?,
        phrasings: phrasings.collect::<Result<_, _>>()?,
    })
}

/// A false claim of a rubric.
pub fn parse_mistake(claim: &str, why_wrong: &str) -> Result<Mistake, Fault> {
    Ok(Mistake {
        claim: parse_text(claim, "claim", MOST_PART_CHARS)?,
        why_wrong: parse_text(why_wrong, "why_wrong", MOST_PART_CHARS)?,
    })
}

/// Reads each of a list of parts of a rubric; a fault says which one it is in.
pub fn parse_each<R, T>(
    what: &str,
    raw: &[R],
    parse: impl Fn(&R) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    if raw.len() > MOST_PARTS {
        return Err(Fault(format!("{what}s must be at most {MOST_PARTS}")));
    }
    let numbered = raw.iter().zip(1_usize..);
    numbered
        .map(|(raw, number)| {
            parse(raw).map_err(|Fault(fault)| Fault(format!("{what} {number}: {fault}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_reference_the_points_stand_in_and_without_both_there_is_nothing_to_grade_by() {
        let point = |text: &str| parse_point(text, None, &[]).unwrap();
        assert_eq!(parse_reference("", &[point("One."), point("Two.")]).unwrap(), "One. Two.");
        assert_eq!(parse_reference("So.", &[point("One.")]).unwrap(), "So.");
        assert!(parse_reference("", &[]).is_err() && parse_reference(" ", &[]).is_err());
    }

    #[test]
    fn a_weight_is_one_unless_given_and_never_nothing() {
        assert_eq!(parse_weight(None).unwrap().to_string(), "1");
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(parse_weight(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_fault_in_a_list_says_where() {
        let fault = parse_each("Mistake", &["a", " "], |claim| parse_mistake(claim, "b"));
        assert_eq!(fault.unwrap_err().0, "Mistake 2: claim must not be empty");
    }

    #[test]
    fn texts_may_be_as_long_as_their_limit_and_no_character_longer() {
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
        let parts =
            |count| parse_each("Key point", &vec!["p"; count], |p| parse_point(p, None, &[]));
        assert!(parts(50).is_ok());
        assert_eq!(parts(51).unwrap_err().0, "Key points must be at most 50");
    }

    #[test]
    fn a_rubric_has_a_limit_as_a_whole_and_its_largest_part_is_at_fault() {
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
