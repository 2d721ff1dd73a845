//! Grading an answer that belongs to no interview: whoever asks brings question, rubric and answer.
//! The rules are those of `viva grade`.

use super::{
    interview::Level,
    question::{KeyPoint, Mistake, Rubric},
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

/// A text that says something.
pub fn parse_text(raw: &str, what: &str) -> Result<String, Fault> {
    if raw.trim().is_empty() {
        return Err(Fault(format!("{what} must not be empty")));
    }
    Ok(raw.to_owned())
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
        return parse_text(raw, "Reference");
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
    Ok(KeyPoint {
        point: parse_text(point, "point")?,
        weight: parse_weight(weight)?,
        phrasings: phrasings.to_vec(),
    })
}

/// A false claim of a rubric.
pub fn parse_mistake(claim: &str, why_wrong: &str) -> Result<Mistake, Fault> {
    Ok(Mistake {
        claim: parse_text(claim, "claim")?,
        why_wrong: parse_text(why_wrong, "why_wrong")?,
    })
}

/// Reads each of a list; a fault says which one it is in.
pub fn parse_each<R, T>(
    what: &str,
    raw: &[R],
    parse: impl Fn(&R) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
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
}
