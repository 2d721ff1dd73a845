//! A row to grade: its fields, and what is wrong with them. Each fault names its field and says
//! what is right.

use serde_json::{Map, Value};

use crate::local::grading::{KeyPoint, Mistake, Rubric};

/// An answer and its rubric.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// The question.
    pub(crate) question: String,
    /// The rubric for the answer.
    pub(crate) rubric: Rubric,
    /// The answer.
    pub(crate) answer: String,
    /// People's score, 0 to 1.
    pub(crate) score01: Option<f64>,
    /// How far people say it makes each key point, 0 to 1; empty if they did not say.
    pub(crate) points: Vec<f64>,
    /// Whether people say that it makes a false statement; `None` if they did not say.
    pub(crate) has_falsehood: Option<bool>,
    /// The data set that it is from.
    pub(crate) dataset: Option<String>,
}

impl Row {
    /// Reads a row from a JSON object.
    pub(crate) fn of(value: &Value) -> Result<Self, String> {
        let Value::Object(map) = value else {
            return Err(format!("this must be a JSON object, not {}", kind(value)));
        };
        let fields = Fields { map, place: String::new() };
        Ok(Self {
            question: fields.text("question")?,
            rubric: rubric(&fields)?,
            answer: fields.any_text("answer")?,
            score01: fields.number("score01", "from 0 to 1", |n| (0.0..=1.0).contains(&n))?,
            points: fields.numbers("points")?,
            has_falsehood: fields
                .get("false")
                .map(|_| fields.list("false").map(|all| !all.is_empty()))
                .transpose()?,
            dataset: fields.optional_text("dataset")?,
        })
    }
}

fn rubric(fields: &Fields<'_>) -> Result<Rubric, String> {
    let key_points = fields.objects("key_points", |fields| {
        Ok(KeyPoint {
            point: fields.text("point")?,
            weight: fields
                .number("weight", "above 0 and at most 1,000,000", |n| n > 0.0 && n <= 1e6)?
                .unwrap_or(1.0),
            phrasings: fields.texts("phrasings")?,
        })
    })?;
    let mistakes = fields.objects("mistakes", |fields| {
        Ok(Mistake { claim: fields.text("claim")?, why_wrong: fields.text("why_wrong")? })
    })?;
    let points = || {
        let points = key_points.iter().map(|point| point.point.as_str());
        points.collect::<Vec<_>>().join(" ")
    };
    let reference = match fields.optional_text("reference")? {
        Some(reference) => reference,
        None if key_points.is_empty() => {
            return Err("reference is missing; give a reference or key_points".to_owned());
        }
        None => points(),
    };
    Ok(Rubric { reference, key_points, mistakes })
}

/// The fields of an object, and where the object is in the row.
struct Fields<'a> {
    map: &'a Map<String, Value>,
    place: String,
}

impl Fields<'_> {
    /// A field that is present; null counts as missing.
    fn get(&self, name: &str) -> Option<&Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    fn fault(&self, name: &str, right: &str, found: &Value) -> String {
        format!("{}{name} must be {right}, not {}", self.place, kind(found))
    }

    /// A text without U+0000, which GradeService rejects, too.
    fn without_nul(&self, name: &str, text: &str) -> Result<String, String> {
        if text.contains('\0') {
            return Err(format!("{}{name} must not contain the character U+0000", self.place));
        }
        Ok(text.to_owned())
    }

    /// A required text that is not empty.
    fn text(&self, name: &str) -> Result<String, String> {
        let missing = || format!("{}{name} is missing; it must be a text", self.place);
        self.optional_text(name)?.ok_or_else(missing)
    }

    /// A text that may be missing but not empty.
    fn optional_text(&self, name: &str) -> Result<Option<String>, String> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => {
                Err(format!("{}{name} must not be empty", self.place))
            }
            Some(_) => self.any_text(name).map(Some),
        }
    }

    /// A required text that may be empty, as an answer may.
    fn any_text(&self, name: &str) -> Result<String, String> {
        match self.get(name) {
            Some(Value::String(text)) => self.without_nul(name, text),
            Some(other) => Err(self.fault(name, "a text", other)),
            None => Err(format!("{}{name} is missing; it must be a text", self.place)),
        }
    }

    fn number(
        &self,
        name: &str,
        right: &str,
        is_right: impl Fn(f64) -> bool,
    ) -> Result<Option<f64>, String> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        match value.as_f64() {
            Some(number) if is_right(number) => Ok(Some(number)),
            _ => Err(self.fault(name, &format!("a number {right}"), value)),
        }
    }

    /// A list of numbers from 0 to 1.
    fn numbers(&self, name: &str) -> Result<Vec<f64>, String> {
        let number = |value: &Value| match value.as_f64() {
            Some(number) if (0.0..=1.0).contains(&number) => Ok(number),
            _ => Err(self.fault(name, "a list of numbers from 0 to 1", value)),
        };
        self.list(name)?.iter().map(number).collect()
    }

    fn list(&self, name: &str) -> Result<&[Value], String> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(other) => Err(self.fault(name, "a list", other)),
        }
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, String> {
        let text = |value: &Value| match value {
            Value::String(text) => self.without_nul(name, text),
            other => Err(self.fault(name, "a list of texts", other)),
        };
        self.list(name)?.iter().map(text).collect()
    }

    fn objects<T>(
        &self,
        name: &str,
        read: impl Fn(&Fields<'_>) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let items = self.list(name)?.iter().zip(1..);
        items
            .map(|(value, at): (_, usize)| match value {
                Value::Object(map) => read(&Fields { map, place: format!("{name} {at}: ") }),
                other => Err(self.fault(&format!("{name} {at}"), "an object", other)),
            })
            .collect()
    }
}

/// The kind of a value, for a message that something else was expected. Texts are not repeated,
/// because they may be long.
fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(_) => "a text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: &str) -> Result<Row, String> {
        Row::of(&serde_json::from_str(json).unwrap())
    }

    fn fault(json: &str) -> String {
        row(json).unwrap_err()
    }

    /// A valid row with some fields replaced; null removes one.
    fn changed(change: &str) -> String {
        let mut row: Map<String, Value> =
            serde_json::from_str(r#"{"question":"q","reference":"r","answer":"a"}"#).unwrap();
        row.extend(serde_json::from_str::<Map<_, _>>(change).unwrap());
        Value::Object(row).to_string()
    }

    #[test]
    fn a_row_may_have_fields_that_are_not_read() {
        let row = row(&changed(r#"{"label":3,"score01":0.5,"mistakes":null}"#)).unwrap();
        assert_eq!((row.question.as_str(), row.score01), ("q", Some(0.5)));
        assert_eq!(row.rubric.reference, "r");
    }

    #[test]
    fn without_a_reference_the_points_replace_it_and_weights_are_one() {
        let changed = changed(
            r#"{"reference":null,"key_points":[{"point":"One."},{"point":"Two.","weight":3,"phrasings":["2"]}]}"#,
        );
        let rubric = row(&changed).unwrap().rubric;
        assert_eq!(rubric.reference, "One. Two.");
        assert_eq!(rubric.key_points[0].weight.to_string(), "1");
        assert_eq!(rubric.key_points[1].phrasings, ["2"]);
    }

    #[test]
    fn every_fault_names_the_field_and_what_is_right() {
        let cases = [
            (r#"{"question":null}"#, "question is missing; it must be a text"),
            (r#"{"question":" "}"#, "question must not be empty"),
            (r#"{"answer":7}"#, "answer must be a text, not 7"),
            (r#"{"answer":"a\u0000b"}"#, "answer must not contain the character U+0000"),
            (
                r#"{"key_points":[{"point":"p","phrasings":["\u0000"]}]}"#,
                "key_points 1: phrasings must not contain the character U+0000",
            ),
            (
                r#"{"key_points":[{"point":"p","weight":1e308}]}"#,
                "key_points 1: weight must be a number above 0 and at most 1,000,000, not 1e+308",
            ),
            (r#"{"reference":null}"#, "reference is missing; give a reference or key_points"),
            (r#"{"reference":["r"]}"#, "reference must be a text, not a list"),
            (r#"{"score01":1.5}"#, "score01 must be a number from 0 to 1, not 1.5"),
            (r#"{"key_points":"x"}"#, "key_points must be a list, not a text"),
            (r#"{"key_points":["x"]}"#, "key_points 1 must be an object, not a text"),
            (
                r#"{"key_points":[{"point":"p"},{"weight":1}]}"#,
                "key_points 2: point is missing; it must be a text",
            ),
            (
                r#"{"key_points":[{"point":"p","weight":-1}]}"#,
                "key_points 1: weight must be a number above 0 and at most 1,000,000, not -1",
            ),
            (
                r#"{"key_points":[{"point":"p","phrasings":[1]}]}"#,
                "key_points 1: phrasings must be a list of texts, not 1",
            ),
            (
                r#"{"mistakes":[{"claim":"c"}]}"#,
                "mistakes 1: why_wrong is missing; it must be a text",
            ),
        ];
        for (change, expected) in cases {
            assert_eq!(fault(&changed(change)), expected);
        }
    }

    #[test]
    fn a_value_that_is_not_an_object_is_named_by_its_kind() {
        assert_eq!(fault("[1]"), "this must be a JSON object, not a list");
        assert_eq!(fault("7"), "this must be a JSON object, not 7");
    }
}
