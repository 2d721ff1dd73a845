//! Bank files written for people: a new one to fill in, and an entry to edit. What is still to be written
//! is a placeholder.

use std::fmt::Write as _;

use super::{
    bank_check::{POINT_WORDS, POINTS, REFERENCE_WORDS, count_words, is_kebab, wants},
    texts::PLACEHOLDER,
};
use crate::domain::{interview::Level, question::Rubric};

/// The most words in the id of an entry.
const ID_WORDS: usize = 5;

/// The comment above the first entry of a new file.
const ABOVE: &str = "\
# Questions of your own; docs/bank.md has the format and the craft of a rubric. Every FILL IN is yours to
# replace. `viva bank check` names what is still to be done, and an entry with one is not asked.
";

const ENTRY: &str = r#"
[[question]]
# Unique in the whole bank, and never changed: by it a question is not asked again soon.
id = "FILL IN: TOPIC-two-or-three-words"
# junior, mid, senior or staff
level = "mid"
question = "FILL IN: the question as you would say it"
# What a strong candidate says, in 60 to 180 words. It should make every key point below.
reference = """
FILL IN: the answer"""
# Up to three nudges that give nothing away.
hints = ["FILL IN: a hint"]
# What to ask next.
follow_ups = { weak = "FILL IN: a smaller question", strong = "FILL IN: a harder one" }

# A false claim that candidates make, as they would say it, and what is wrong with it.
[[question.mistakes]]
claim = "FILL IN: the false claim"
why_wrong = "FILL IN: what is wrong with it"

# 2 to 8 points that make up a good answer, each one sentence of 8 to 20 words.
[[question.key_points]]
point = "FILL IN: the most important point"
# Relative to the other points.
weight = 3
# The same in other words, as candidates say it.
phrasings = ["FILL IN: the point in other words", "FILL IN: and in others still"]
# Unique in the question, and never changed.
id = "FILL IN: short-name"
# Questions that ask for this point alone and do not give it away.
prompts = ["FILL IN: a question for this point", "FILL IN: and another"]

[[question.key_points]]
point = "FILL IN: another point"
weight = 2
phrasings = ["FILL IN: the point in other words", "FILL IN: and in others still"]
id = "FILL IN: short-name"
prompts = ["FILL IN: a question for this point", "FILL IN: and another"]
"#;

/// The head of a file.
#[derive(Debug, Clone)]
pub enum Head<'a> {
    /// It adds to a topic of the built-in bank.
    Extends,
    /// It is a topic of its own, for this role; `None` leaves the role to be filled in.
    Own(Option<&'a str>),
}

/// The lines above the entries of a topic's file.
pub fn head(topic: &str, head: &Head) -> String {
    let name = quoted(topic);
    match head {
        Head::Extends => {
            format!("# Added to the built-in topic of this name.\ntopic = {name}\nextends = true\n")
        }
        Head::Own(role) => {
            let role = role.map_or_else(|| format!("{PLACEHOLDER}: a role"), ToOwned::to_owned);
            let (title, role) = (quoted(&title_of(topic)), quoted(&role));
            format!("topic = {name}\ntitle = {title}\n# Who is asked about it.\nroles = [{role}]\n")
        }
    }
}

/// A new file for a topic, to be filled in.
pub fn new_file(topic: &str, above: &Head) -> String {
    format!("{ABOVE}{}{}", head(topic, above), new_entry(topic))
}

/// A new entry, to be filled in.
pub fn new_entry(topic: &str) -> String {
    ENTRY.replace("TOPIC", topic)
}

/// A kebab-case name from any text; empty if the text has no ASCII letters or digits.
pub fn kebab(text: &str, most_words: usize) -> String {
    let lower = text.to_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = parts.filter(|part| !part.is_empty()).take(most_words).collect();
    let name: String = words.join("-").chars().take(48).collect();
    name.trim_end_matches('-').to_owned()
}

/// An unused id for a question.
pub fn free_id(topic: &str, question: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let words = kebab(question, ID_WORDS);
    let name = if words.is_empty() { format!("{topic}-kept") } else { format!("{topic}-{words}") };
    debug_assert!(is_kebab(&name), "{name}");
    let numbered = (2_u64..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|id| !is_taken(id)).unwrap_or(name)
}

/// A question with its rubric as an entry to edit. Text that is too long or too short for a bank is
/// marked as a placeholder.
pub fn entry(id: &str, level: Level, question: &str, rubric: &Rubric) -> String {
    let mut entry = String::from("\n[[question]]\n");
    // Writing to a string does not fail.
    let mut line = |name: &str, value: String| {
        let _ = writeln!(entry, "{name} = {value}");
    };
    line("id", quoted(id));
    line("level", quoted(level.word()));
    line("question", quoted(question));
    line("reference", quoted(&sized(&rubric.reference, &REFERENCE_WORDS)));
    for mistake in &rubric.mistakes {
        let (claim, why) = (quoted(&mistake.claim), quoted(&mistake.why_wrong));
        let _ = write!(entry, "\n[[question.mistakes]]\nclaim = {claim}\nwhy_wrong = {why}\n");
    }
    for point in &rubric.key_points {
        let (text, weight) = (quoted(&sized(&point.point, &POINT_WORDS)), point.weight);
        let phrasings: Vec<_> = point.phrasings.iter().map(|text| quoted(text)).collect();
        let phrasings = phrasings.join(", ");
        let _ = write!(
            entry,
            "\n[[question.key_points]]\npoint = {text}\nweight = {weight}\nphrasings = [{phrasings}]\n"
        );
    }
    for _ in rubric.key_points.len()..*POINTS.start() {
        let _ = write!(
            entry,
            "\n[[question.key_points]]\npoint = \"{PLACEHOLDER}: another point\"\nweight = 1\n"
        );
    }
    entry
}

/// The text, marked as a placeholder if its length is not allowed in a bank.
fn sized(text: &str, limits: &std::ops::RangeInclusive<usize>) -> String {
    let words = count_words(text);
    if limits.contains(&words) {
        return text.to_owned();
    }
    format!("{PLACEHOLDER}: {}: {text}", wants(limits, "words", words))
}

fn title_of(topic: &str) -> String {
    let mut title = topic.replace('-', " ");
    if let Some(first) = title.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    title
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::question::{KeyPoint, Mistake},
        questions::bank_check::{parse, read},
    };

    /// A new file with every placeholder replaced, as a person would.
    fn filled_in(file: &str) -> String {
        let long = "word ".repeat(60);
        let mut lines = Vec::new();
        for (line, at) in file.lines().zip(1..) {
            lines.push(if line.starts_with("id = \"FILL IN") {
                format!("id = \"name-{at}\"")
            } else if line.starts_with("FILL IN: the answer") {
                line.replace("FILL IN: the answer", &long)
            } else {
                line.replace("FILL IN: ", "One two three four five six seven eight, ")
            });
        }
        lines.join("\n")
    }

    #[test]
    fn a_new_file_names_its_placeholders_and_nothing_else_is_wrong_with_it() {
        let file = new_file("locks", &Head::Own(None));
        let faults = parse(&[("locks.toml", &file)]).unwrap_err();
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert!(told.iter().all(|fault| fault.ends_with("write your own text")), "{told:#?}");
        for place in ["locks.toml: roles 1", "locks.toml: question 1: key_points 2 phrasings 1"] {
            assert!(told.iter().any(|fault| fault.starts_with(place)), "{place} in {told:#?}");
        }
        assert_eq!(
            told.len(),
            file.matches("\"FILL IN").count() + 1,
            "the reference is on a line of its own"
        );
    }

    #[test]
    fn a_new_file_that_is_filled_in_passes_the_check() {
        for above in [Head::Own(None), Head::Own(Some("Backend engineer"))] {
            let file = filled_in(&new_file("locks", &above));
            let bank = parse(&[("locks.toml", &file)]);
            let bank = bank.unwrap_or_else(|faults| panic!("{faults:?}\n{file}"));
            assert_eq!(bank.topics[0].questions[0].rubric.key_points.len(), 2);
        }
        let file = filled_in(&new_file("sql", &Head::Extends));
        let reading = read(&[("sql.toml", &file)]);
        assert_eq!(reading.faults, []);
        assert_eq!(reading.extensions.len(), 1);
    }

    fn rubric(reference_words: usize, points: &[&str]) -> Rubric {
        let point = |text: &&str| KeyPoint {
            point: (*text).into(),
            weight: 1.5,
            phrasings: vec!["in \"other\" words".into()],
        };
        Rubric {
            reference: "word ".repeat(reference_words).trim().to_owned(),
            key_points: points.iter().map(point).collect(),
            mistakes: vec![Mistake {
                claim: "It's free.".into(),
                why_wrong: "No:\n\\ it is not.".into(),
            }],
        }
    }

    #[test]
    fn a_kept_entry_is_read_back_as_it_was_asked() {
        let point = "A lock lets only one thread in at a time.";
        let kept = rubric(60, &[point, point]);
        let text = head("locks", &Head::Own(Some("Backend engineer")))
            + &entry("locks-what", Level::Senior, "What is a lock,\n\"exactly\"?", &kept);
        let bank = parse(&[("locks.toml", &text)]).unwrap();
        let question = &bank.topics[0].questions[0];
        assert_eq!((question.id.as_str(), question.level), ("locks-what", Level::Senior));
        assert_eq!(question.text, "What is a lock,\n\"exactly\"?");
        assert_eq!(question.rubric, kept);
    }

    #[test]
    fn what_does_not_fit_a_bank_in_a_kept_entry_is_a_placeholder() {
        let kept = rubric(20, &["Too short."]);
        let text = head("locks", &Head::Own(Some("Backend engineer")))
            + &entry("locks-what", Level::Mid, "What is a lock?", &kept);
        let reading = read(&[("locks.toml", &text)]);
        assert_eq!(reading.faults, []);
        let fields: Vec<_> = reading.unfinished.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["key_points 1 point", "key_points 2 point", "reference"]);
        assert!(text.contains("FILL IN: must have 60 to 180 words, not 20: word word"), "{text}");
    }

    #[test]
    fn ids_are_made_from_topic_and_question_and_are_never_taken() {
        let taken = ["locks-what-is-a-lock"];
        let id = |question: &str| free_id("locks", question, |id| taken.contains(&id));
        assert_eq!(id("How do you find a deadlock in production?"), "locks-how-do-you-find-a");
        assert_eq!(id("What is a lock?"), "locks-what-is-a-lock-2");
        assert_eq!(id("什么是锁？"), "locks-kept");
        assert_eq!(kebab("C++ & Templates!", 9), "c-templates");
    }
}
