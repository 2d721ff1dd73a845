//! What is wrong with a request, field by field, collected so that all of it is reported together.

/// One rule that a field breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field, named as in the wire contract, from the root of the request:
    /// `key_points[1].weight`.
    pub field: String,
    /// What would be right, in a sentence for a person.
    pub description: String,
}

/// Why a value is invalid, in a sentence for a person that says what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidValue(pub String);

impl From<&str> for InvalidValue {
    fn from(description: &str) -> Self {
        Self(description.to_owned())
    }
}

/// The violations found so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

/// An invalid value as a whole; the caller adds the field.
impl From<InvalidValue> for Violations {
    fn from(InvalidValue(description): InvalidValue) -> Self {
        Self(vec![Violation { field: String::new(), description }])
    }
}

impl Violations {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the value, or records the fault under the field's name.
    pub fn check<T>(&mut self, field: &str, value: Result<T, InvalidValue>) -> Option<T> {
        self.check_within(field, value.map_err(Self::from))
    }

    /// Returns the value, or records each violation within it under the field's name.
    pub fn check_within<T>(&mut self, field: &str, value: Result<T, Self>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(Self(within)) => {
                self.0.extend(within.into_iter().map(|violation| violation.within(field)));
                None
            }
        }
    }

    /// Returns a list of at most `most` elements, or records violations under their index.
    pub fn check_each<R, T, E: Into<Self>>(
        &mut self,
        field: &str,
        raw: &[R],
        (most, too_many): (usize, &str),
        read: impl Fn(&R) -> Result<T, E>,
    ) -> Option<Vec<T>> {
        if raw.len() > most {
            return self.check(field, Err(too_many.into()));
        }
        let read = |(at, raw): (usize, &R)| {
            self.check_within(&format!("{field}[{at}]"), read(raw).map_err(Into::into))
        };
        let elements: Vec<Option<T>> = raw.iter().enumerate().map(read).collect();
        elements.into_iter().collect()
    }

    /// All violations, in the order of the fields.
    pub fn list(&self) -> &[Violation] {
        &self.0
    }

    /// Whether no violation was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Violation {
    /// Puts the name of the enclosing field before the violation's own.
    fn within(self, field: &str) -> Self {
        let dot = if self.field.is_empty() || field.is_empty() { "" } else { "." };
        Self { field: format!("{field}{dot}{}", self.field), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Accepts an odd number.
    fn odd(number: i32) -> Result<i32, Violations> {
        let mut violations = Violations::new();
        let parity = if number % 2 == 0 { Err("must be odd".into()) } else { Ok(number) };
        violations.check("parity", parity).ok_or(violations)
    }

    fn fields(violations: &Violations) -> Vec<&str> {
        violations.list().iter().map(|violation| violation.field.as_str()).collect()
    }

    #[test]
    fn every_violation_has_its_path_from_the_root() {
        let mut violations = Violations::new();
        violations.check::<()>("name", Err("is missing".into()));
        let most = (3, "are too many");
        assert_eq!(violations.check_each("numbers", &[1, 2, 3], most, |number| odd(*number)), None);
        assert_eq!(
            violations.check_each("numbers", &[1, 3], most, |number| odd(*number)),
            Some(vec![1, 3])
        );
        violations.check_each("numbers", &[2; 4], most, |number| odd(*number));
        assert_eq!(fields(&violations), ["name", "numbers[1].parity", "numbers"]);
        let mut outer = Violations::new();
        outer.check_within::<()>("items[6].request", Err(violations));
        assert_eq!(fields(&outer)[1], "items[6].request.numbers[1].parity");
    }

    #[test]
    fn a_fault_of_a_whole_element_has_the_elements_path() {
        let mut violations = Violations::new();
        let read = |text: &&str| {
            if text.is_empty() { Err(InvalidValue::from("is empty")) } else { Ok(()) }
        };
        violations.check_each("topics", &["a", ""], (9, "are too many"), read);
        assert_eq!(fields(&violations), ["topics[1]"]);
    }
}
