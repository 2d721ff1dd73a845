//! What is wrong with a request, field by field, gathered so that all of it is told at once.

/// One rule that a field breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field, named as in the wire contract.
    pub field: &'static str,
    /// What is right, in a sentence for a person.
    pub description: String,
}

/// Why a value was refused, in a sentence for a person that says what is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub String);

impl From<&str> for Fault {
    fn from(description: &str) -> Self {
        Self(description.to_owned())
    }
}

/// The violations found so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the value, or notes the fault under the field's name.
    pub fn check<T>(&mut self, field: &'static str, value: Result<T, Fault>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(Fault(description)) => {
                self.0.push(Violation { field, description });
                None
            }
        }
    }

    /// All violations, in the order of the fields.
    pub fn list(&self) -> &[Violation] {
        &self.0
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
