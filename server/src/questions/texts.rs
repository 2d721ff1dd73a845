//! What can be said of the texts of a bank file before they are read as a question.

/// How a text begins that somebody has still to write.
pub(super) const PLACEHOLDER: &str = "TODO";

/// What is told of one.
pub(super) const PLACEHOLDER_PROBLEM: &str = "is still a placeholder (TODO): write your own text";

/// Whether a text is still to be written.
pub(super) fn is_placeholder(text: &str) -> bool {
    text.trim_start().strip_prefix(PLACEHOLDER).is_some_and(|rest| {
        // "TODO: a question", and not "TODO-comments".
        rest.chars().next().is_none_or(|next| next == ':' || next.is_whitespace())
    })
}

/// The fields of a value that need a word.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Texts that are still to be written.
    pub(super) placeholders: Vec<String>,
    /// Texts that no database takes.
    pub(super) not_storable: Vec<String>,
}

/// Looks through every text of a table.
pub(super) fn look_through(value: &toml::Value) -> Found {
    let mut found = Found::default();
    look("", value, &mut found);
    found
}

fn look(field: &str, value: &toml::Value, found: &mut Found) {
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
    fn a_placeholder_is_known_by_its_beginning() {
        for text in ["TODO", "TODO: a question", "  TODO\nhere"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in
            ["", "What is a TODO?", "TODO-comments in code: keep or delete?", "TODOs pile up"]
        {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn texts_are_found_at_any_depth_and_named() {
        let text = "id = \"TODO\"\nlevel = \"mid\"\nhints = [\"fine\", \"TODO: a hint\"]\n\
                    [[key_points]]\npoint = \"a\\u0000b\"\nweight = 1\nphrasings = [\"TODO\"]\n";
        let value = toml::Value::Table(text.parse().unwrap());
        let found = look_through(&value);
        assert_eq!(found.placeholders, ["hints 2", "id", "key_points 1 phrasings 1"]);
        assert_eq!(found.not_storable, ["key_points 1 point"]);
    }
}
