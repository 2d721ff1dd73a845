//! Checks the texts of a bank file before they are read as a question.

/// The beginning of a text that is still to be written.
pub(super) const PLACEHOLDER: &str = "FILL IN";

/// The problem reported for a placeholder.
pub(super) const PLACEHOLDER_PROBLEM: &str =
    "is still a placeholder (FILL IN): write your own text";

/// Whether a text is still to be written.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.trim_start().strip_prefix(PLACEHOLDER).is_some_and(|rest| {
        // "FILL IN: a question", and not "FILL IN-the-blank tests".
        rest.chars().next().is_none_or(|next| next == ':' || next.is_whitespace())
    })
}

/// The fields of a value that have a problem.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TextProblems {
    /// Texts that are still to be written.
    pub(super) placeholders: Vec<String>,
    /// Texts that no database can store.
    pub(super) not_storable: Vec<String>,
}

/// Checks every text of a table.
pub(super) fn look_through(value: &toml::Value) -> TextProblems {
    let mut found = TextProblems::default();
    look("", value, &mut found);
    found
}

fn look(field: &str, value: &toml::Value, found: &mut TextProblems) {
    let below = |name: &str| {
        if field.is_empty() { name.to_owned() } else { format!("{field} {name}") }
    };
    match value {
        toml::Value::String(text) if text.contains('\0') => {
            found.not_storable.push(field.to_owned());
        }
        toml::Value::String(text) if is_placeholder(text) => {
            found.placeholders.push(field.to_owned());
        }
        toml::Value::Array(items) => {
            for (item, at) in items.iter().zip(1..) {
                look(&below(&format!("{at}")), item, found);
            }
        }
        toml::Value::Table(table) => {
            for (name, item) in table {
                look(&below(name), item, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_recognised_by_its_beginning() {
        for text in ["FILL IN", "FILL IN: a question", "  FILL IN\nhere"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "",
            "What does FILL IN mean?",
            "FILL IN-the-blank tests: keep or drop?",
            "FILL INs pile up",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn texts_are_found_at_any_depth_and_named() {
        let text = "id = \"FILL IN\"\nlevel = \"mid\"\nhints = [\"fine\", \"FILL IN: a hint\"]\n\
                    [[key_points]]\npoint = \"a\\u0000b\"\nweight = 1\nphrasings = [\"FILL IN\"]\n";
        let value = toml::Value::Table(text.parse().unwrap());
        let found = look_through(&value);
        assert_eq!(found.placeholders, ["hints 2", "id", "key_points 1 phrasings 1"]);
        assert_eq!(found.not_storable, ["key_points 1 point"]);
    }
}
