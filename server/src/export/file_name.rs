//! File names that are safe on every system: ASCII letters, digits and dashes.

use unicode_normalization::UnicodeNormalization;

use super::Format;
use crate::domain::interview::Interview;

/// The most letters of a name that come from the role.
const MOST_LETTERS: usize = 60;

/// Returns the file name of an interview's report: `viva-report-7-rust-backend-engineer.md`.
pub fn file_name(interview: &Interview, format: Format) -> String {
    let role = slug(&interview.role);
    let dash = if role.is_empty() { "" } else { "-" };
    format!("viva-report-{}{dash}{role}.{}", interview.id, format.extension())
}

/// Reduces a text to lower-case letters and digits with single dashes between; may be empty.
fn slug(text: &str) -> String {
    let mut out = String::new();
    // Decomposed, an accented letter becomes the letter and a mark, which is dropped.
    for c in text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)) {
        if out.len() == MOST_LETTERS {
            break;
        }
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::export::sample;

    fn name(role: &str) -> String {
        let mut report = sample::report();
        role.clone_into(&mut report.interview.role);
        file_name(&report.interview, Format::Markdown)
    }

    #[test]
    fn a_name_is_made_of_the_number_and_the_role() {
        assert_eq!(name("Rust backend engineer"), "viva-report-7-rust-backend-engineer.md");
        assert_eq!(
            name("../../Développeur C++ / Zürich "),
            "viva-report-7-developpeur-c-zurich.md"
        );
        assert_eq!(name("后端工程师"), "viva-report-7.md");
    }

    proptest! {
        #[test]
        fn a_name_is_safe_whatever_the_role_is(role in any::<String>()) {
            let name = name(&role);
            let stem = name.strip_prefix("viva-report-7").unwrap().strip_suffix(".md").unwrap();
            prop_assert!(stem.chars().all(|c| c == '-' || c.is_ascii_alphanumeric()), "{name}");
            prop_assert!(!stem.ends_with('-') && !stem.contains("--") && name.len() < 80, "{name}");
        }
    }
}
