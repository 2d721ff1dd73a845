//! Which topics a role fits, from the words that people use for it.

use std::collections::HashSet;

use super::bank::{Bank, Topic};

/// How well a topic fits what was asked for, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Chosen by name, or named in the role or the job advert.
    Named,
    /// Belongs to the role.
    Role,
    /// Any other.
    Other,
}

/// A topic that fits at least so many roles is general enough for a role that nobody knows.
const GENERAL_ROLES: usize = 6;

/// Topics that are programming languages. They come to nobody who has not named them.
pub(super) const LANGUAGES: [&str; 3] = ["javascript", "python", "rust"];

/// Words that stand for a role of the bank or for one of its topics, where the words of their names
/// do not say it. Left: what people write, folded as `words` does; right: words of the bank's.
const MEANINGS: [(&str, &str); 62] = [
    ("sre", "reliability"),
    ("devops", "platform delivery"),
    ("infrastructure", "platform delivery"),
    ("cloud", "platform delivery"),
    ("kubernetes", "delivery"),
    ("docker", "delivery"),
    ("terraform", "delivery"),
    ("ci", "delivery"),
    ("qa", "test testing"),
    ("sdet", "test testing"),
    ("quality", "test testing"),
    ("tester", "test testing"),
    ("automation", "testing"),
    ("ml", "machine"),
    ("ai", "machine"),
    ("llm", "machine"),
    ("scientist", "machine data"),
    ("analyst", "data"),
    ("analytics", "data"),
    ("etl", "data"),
    ("spark", "data"),
    ("dba", "databases"),
    ("database", "databases"),
    ("sql", "databases"),
    ("postgres", "databases"),
    ("postgresql", "databases"),
    ("mysql", "databases"),
    ("web", "frontend"),
    ("ui", "frontend"),
    ("react", "frontend javascript"),
    ("vue", "frontend javascript"),
    ("angular", "frontend javascript"),
    ("svelte", "frontend javascript"),
    ("css", "frontend"),
    ("fullstack", "full"),
    ("node", "javascript backend"),
    ("nodejs", "javascript backend"),
    ("typescript", "javascript"),
    ("django", "python backend"),
    ("java", "backend"),
    ("kotlin", "backend mobile"),
    ("golang", "backend"),
    ("go", "backend"),
    ("php", "backend"),
    ("ruby", "backend"),
    ("api", "backend"),
    ("server", "backend"),
    ("microservices", "backend distributed"),
    ("kernel", "systems operating"),
    ("linux", "operating"),
    ("compiler", "systems algorithms"),
    ("c", "systems"),
    ("firmware", "embedded"),
    ("ios", "mobile"),
    ("android", "mobile"),
    ("swift", "mobile"),
    ("flutter", "mobile"),
    ("pentester", "security"),
    ("appsec", "security"),
    ("infosec", "security"),
    ("network", "networking"),
    ("architect", "design distributed"),
];

/// Words that say nothing of the subject: nearly every role has one of them.
const EMPTY: [&str; 22] = [
    "engineer",
    "engineering",
    "developer",
    "development",
    "programmer",
    "software",
    "senior",
    "junior",
    "staff",
    "lead",
    "principal",
    "mid",
    "level",
    "and",
    "of",
    "the",
    "with",
    "for",
    "in",
    "a",
    "working",
    "others",
];

/// How well each topic of the bank fits, in the bank's order.
pub(super) fn fits(bank: &Bank, role: &str, topics: &[String], advert: &str) -> Vec<Fit> {
    let role_words = meanings(role);
    let roles: Vec<&str> = bank
        .roles()
        .into_iter()
        .filter(|known| words(known).iter().any(|word| role_words.contains(word)))
        .collect();
    let mut named = role_words;
    named.extend(advert_words(advert));
    // Who speaks Rust has not asked for Python, and who names no language has asked for none.
    let foreign =
        |topic: &Topic| LANGUAGES.contains(&topic.name.as_str()) && !is_named(topic, &named);
    let unknown = roles.is_empty() && !bank.topics.iter().any(|topic| is_named(topic, &named));
    bank.topics
        .iter()
        .map(|topic| {
            if !topics.is_empty() {
                return if is_chosen(topic, topics) { Fit::Named } else { Fit::Other };
            }
            if foreign(topic) {
                return Fit::Other;
            }
            let of_role = topic.roles.iter().any(|role| roles.contains(&role.as_str()));
            match () {
                () if is_named(topic, &named) => Fit::Named,
                () if of_role || (unknown && topic.roles.len() >= GENERAL_ROLES) => Fit::Role,
                () => Fit::Other,
            }
        })
        .collect()
}

/// Whether somebody chose the topic, by its name or its title.
pub(super) fn is_chosen(topic: &Topic, topics: &[String]) -> bool {
    topics.iter().any(|chosen| {
        let chosen = words(chosen);
        chosen == words(&topic.name)
            || chosen == words(&topic.title)
            // "sql" for databases, "typescript" for JavaScript.
            || chosen.iter().any(|word| meaning(word).contains(&topic.name.as_str()))
    })
}

/// Whether every telling word of the topic's name stands among the words: "distributed" alone does
/// not name distributed systems to somebody who builds control systems.
fn is_named(topic: &Topic, words_said: &HashSet<String>) -> bool {
    let own: Vec<String> = words(&topic.name);
    !own.is_empty() && own.iter().all(|word| words_said.contains(word))
}

fn meaning(word: &str) -> Vec<&'static str> {
    MEANINGS
        .iter()
        .filter(|(said, _)| *said == word)
        .flat_map(|(_, meant)| meant.split(' '))
        .collect()
}

/// The words of a role and what they stand for.
fn meanings(role: &str) -> HashSet<String> {
    let said = words(role);
    let meant = said.iter().flat_map(|word| meaning(word)).map(ToOwned::to_owned);
    meant.chain(said.iter().cloned()).collect()
}

/// An advert is long and names much in passing, so its words count only as they stand, and a word
/// of three letters or fewer not at all: "go" and "c" are found in any text.
fn advert_words(advert: &str) -> HashSet<String> {
    words(advert).into_iter().filter(|word| word.len() > 3).collect()
}

/// Telling words in lower case, `front-end` as `frontend` and so on.
fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .replace("front-end", "frontend")
        .replace("front end", "frontend")
        .replace("back-end", "backend")
        .replace("back end", "backend")
        .split(|c: char| !c.is_alphanumeric() && c != '+' && c != '#')
        .filter(|word| !word.is_empty() && !EMPTY.contains(word))
        .map(ToOwned::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(role: &str, fit: Fit) -> Vec<String> {
        let bank = Bank::built_in().unwrap();
        let fits = fits(&bank, role, &[], "");
        bank.topics
            .iter()
            .zip(fits)
            .filter(|(_, f)| *f == fit)
            .map(|(t, _)| t.name.clone())
            .collect()
    }

    #[test]
    fn a_role_in_free_text_finds_its_topics() {
        assert_eq!(best("Rust backend engineer", Fit::Named), ["rust"]);
        assert!(best("Rust backend engineer", Fit::Role).contains(&"databases".to_owned()));
        assert_eq!(best("Senior React developer", Fit::Named), ["frontend", "javascript"]);
        assert!(best("SRE", Fit::Role).contains(&"observability".to_owned()));
        assert!(best("ios dev", Fit::Named).contains(&"mobile".to_owned()));
        for other in ["javascript", "python"] {
            assert!(best("Rust backend engineer", Fit::Other).contains(&other.to_owned()));
        }
        assert!(best("Backend engineer", Fit::Other).contains(&"rust".to_owned()));
        assert!(best("ML engineer", Fit::Role).contains(&"machine-learning".to_owned()));
    }

    #[test]
    fn a_role_that_nobody_knows_gets_general_topics() {
        let general = best("Llama groomer", Fit::Role);
        assert!(general.len() >= 3, "{general:?}");
        assert!(best("Llama groomer", Fit::Named).is_empty());
    }

    #[test]
    fn chosen_topics_are_known_by_name_title_or_common_word() {
        let bank = Bank::built_in().unwrap();
        for (chosen, name) in [
            ("api-design", "api-design"),
            ("Operating Systems", "operating-systems"),
            ("SQL", "databases"),
        ] {
            let fits = fits(&bank, "x", &[chosen.to_owned()], "");
            let at = fits.iter().position(|fit| *fit == Fit::Named).expect(chosen);
            assert_eq!(bank.topics[at].name, name);
        }
    }

    #[test]
    fn a_job_advert_names_topics_too() {
        let bank = Bank::built_in().unwrap();
        let fits =
            fits(&bank, "Engineer", &[], "You will go deep into networking and observability.");
        let named: Vec<_> = bank
            .topics
            .iter()
            .zip(fits)
            .filter(|(_, fit)| *fit == Fit::Named)
            .map(|(topic, _)| topic.name.as_str())
            .collect();
        assert_eq!(named, ["networking", "observability"]);
    }
}
