//! Which topics fit a role, chosen topics and a job advert.

use std::collections::HashSet;

use super::{
    bank::{Bank, Topic},
    role::{self, Kind, Role},
};

/// How well a topic fits what was asked for, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Chosen by name, or named in the role or the job advert.
    Named,
    /// Belongs to the role.
    Role,
    /// Asked by those who ask for a named topic as well.
    Related,
    /// Any other.
    Other,
}

/// How a request was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fits {
    /// One for each topic, in the bank's order.
    pub(super) topics: Vec<Fit>,
    /// Whether the bank has nothing for the role, nor for the advert.
    pub(super) is_unknown: bool,
    /// The chosen topics that the bank does not have.
    pub(super) missing: Vec<String>,
}

/// A topic that fits at least so many roles is general enough for a role that says no subject.
const GENERAL_ROLES: usize = 6;

/// Topics with so many roles in common are related.
const RELATED_ROLES: usize = 3;

/// Topics that are one language or one platform. They come to nobody who has not named them.
pub(super) const LANGUAGES: [&str; 10] =
    ["android", "cpp", "csharp", "go", "ios", "java", "javascript", "python", "rust", "typescript"];

/// How well each topic of the bank fits.
pub(super) fn fits(bank: &Bank, role: &str, topics: &[String], advert: &str) -> Fits {
    let (chosen, missing): (Vec<_>, Vec<_>) = topics
        .iter()
        .cloned()
        .partition(|topic| bank.topics.iter().any(|t| is_chosen(bank, t, topic)));
    if !chosen.is_empty() {
        let is_chosen = |topic: &Topic| chosen.iter().any(|name| is_chosen(bank, topic, name));
        let fit = |topic: &Topic| if is_chosen(topic) { Fit::Named } else { Fit::Other };
        let topics = bank.topics.iter().map(fit).collect();
        return Fits { topics, is_unknown: false, missing };
    }
    let names = names(bank);
    let role = Role::of(role, &names);
    let mut named = role.words.clone();
    named.extend(role::of_advert(advert, &names));
    let topics = of_words(bank, &role, &named);
    let is_unknown = role.kind == Kind::Unknown && !topics.contains(&Fit::Named);
    Fits { topics, is_unknown, missing }
}

fn of_words(bank: &Bank, role: &Role, named: &HashSet<String>) -> Vec<Fit> {
    let roles: Vec<&str> = bank
        .roles()
        .into_iter()
        .filter(|known| role_words(known).iter().any(|word| role.words.contains(word)))
        .collect();
    let first = |topic: &Topic| {
        let is_named = is_named(topic, named);
        // Who speaks Rust has not asked for Python, and who names no language has asked for none.
        let is_foreign = LANGUAGES.contains(&topic.name.as_str()) && !is_named;
        let of_role = topic.roles.iter().any(|role| roles.contains(&role.as_str()));
        let is_general = roles.is_empty() && topic.roles.len() >= GENERAL_ROLES;
        match () {
            () if is_named => Fit::Named,
            () if !is_foreign && (of_role || (is_general && role.kind != Kind::Known)) => Fit::Role,
            () => Fit::Other,
        }
    };
    let fits: Vec<Fit> = bank.topics.iter().map(first).collect();
    let named: Vec<&Topic> = bank
        .topics
        .iter()
        .zip(&fits)
        .filter(|(_, fit)| **fit == Fit::Named)
        .map(|(t, _)| t)
        .collect();
    let related = |topic: &Topic| {
        let shared =
            |other: &&Topic| other.roles.iter().filter(|role| topic.roles.contains(role)).count();
        let is_language = LANGUAGES.contains(&topic.name.as_str());
        !is_language && named.iter().any(|other| shared(other) >= RELATED_ROLES)
    };
    let second = |(topic, fit): (&Topic, Fit)| {
        if fit == Fit::Other && related(topic) { Fit::Related } else { fit }
    };
    bank.topics.iter().zip(fits).map(second).collect()
}

/// Whether a topic is the chosen one: by its name or its title; where that is none of the bank's, by what
/// the word stands for.
fn is_chosen(bank: &Bank, topic: &Topic, chosen: &str) -> bool {
    let words = role::words(chosen);
    let has_name =
        |topic: &Topic| words == role::words(&topic.name) || words == role::words(&topic.title);
    if bank.topics.iter().any(has_name) {
        return has_name(topic);
    }
    let understood = Role::of(chosen, &names(bank));
    understood.kind == Kind::Known && is_named(topic, &understood.words)
}

/// Whether every word of the topic's name stands among the words: "distributed" alone does not name
/// distributed systems to somebody who builds control systems.
fn is_named(topic: &Topic, said: &HashSet<String>) -> bool {
    role::words(&topic.name).iter().all(|word| said.contains(word))
}

/// The words in the names of topics and roles.
fn names(bank: &Bank) -> HashSet<String> {
    let topics = bank.topics.iter().flat_map(|topic| role::words(&topic.name));
    topics.chain(bank.roles().into_iter().flat_map(role_words)).collect()
}

/// The words of a role's name, without the profession.
fn role_words(role: &str) -> Vec<String> {
    role::words(role).into_iter().filter(|word| word != "engineer").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(role: &str, fit: Fit) -> Vec<String> {
        let bank = Bank::built_in().unwrap();
        let fits = fits(&bank, role, &[], "").topics;
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
        assert!(best("ML engineer", Fit::Named).contains(&"machine-learning".to_owned()));
    }

    #[test]
    fn a_role_without_a_subject_gets_general_topics() {
        let general = best("Software engineer", Fit::Role);
        assert!(general.len() >= 3, "{general:?}");
        assert!(best("Software engineer", Fit::Named).is_empty());
    }

    #[test]
    fn chosen_topics_are_known_by_name_title_or_common_word() {
        let bank = Bank::built_in().unwrap();
        for (chosen, name) in [
            ("api-design", "api-design"),
            ("Operating Systems", "operating-systems"),
            ("SQL", "sql"),
            ("ML", "machine-learning"),
            ("postgres", "databases"),
        ] {
            let fits = fits(&bank, "x", &[chosen.to_owned()], "").topics;
            let at = fits.iter().position(|fit| *fit == Fit::Named).expect(chosen);
            assert_eq!(bank.topics[at].name, name);
        }
    }

    #[test]
    fn a_job_advert_names_topics_too() {
        let bank = Bank::built_in().unwrap();
        let fits =
            fits(&bank, "Engineer", &[], "You will go deep into networking and observability.")
                .topics;
        let named: Vec<_> = bank
            .topics
            .iter()
            .zip(fits)
            .filter(|(_, fit)| *fit == Fit::Named)
            .map(|(topic, _)| topic.name.as_str())
            .collect();
        assert_eq!(named, ["networking", "observability"]);
    }

    /// Roles that people have, with a topic that each must get; none where the bank has nothing for it, and
    /// "general" where it says no subject.
    const ROLES: [(&str, &str); 70] = [
        ("Software engineer", "general"),
        ("software developer", "general"),
        ("Sofware Enginer", "general"),
        ("Developer", "general"),
        ("Programmer", "general"),
        ("SWE II", "general"),
        ("Softwareentwickler", "general"),
        ("Softwareentwicklerin (m/w/d)", "general"),
        ("développeur logiciel", "general"),
        ("Ingénieure logiciel senior", "general"),
        ("desarrolladora de software", "general"),
        ("разработчик", "general"),
        ("软件工程师", "general"),
        ("ソフトウェアエンジニア", "general"),
        ("Werkstudent Softwareentwicklung", "general"),
        ("Software Engineer, Payments", "general"),
        ("Senior Rust engineer", "rust"),
        ("Rust backend engineer", "rust"),
        ("Backend developer intern", "databases"),
        ("back-end engineer", "databases"),
        ("Backendentwickler", "databases"),
        ("бэкенд разработчик", "databases"),
        ("后端开发", "databases"),
        ("백엔드 개발자", "databases"),
        ("Frontendentwickler", "frontend"),
        ("Front End Developer", "frontend"),
        ("Webentwickler", "frontend"),
        ("développeur frontend", "frontend"),
        ("React Native developer", "javascript"),
        ("fullstack", "api-design"),
        ("Full Stack Web Developer", "frontend"),
        ("Network engineer", "networking"),
        ("Netzwerktechniker", "networking"),
        ("Site Reliability Engineer III", "observability"),
        ("DevOps Engineer (AWS)", "delivery"),
        ("Kubernetes administrator", "delivery"),
        ("Cloud architect", "delivery"),
        ("Platform enginer", "delivery"),
        ("Data Engineer", "data-engineering"),
        ("データエンジニア", "data-engineering"),
        ("ingeniero de datos", "data-engineering"),
        ("Data analyst", "data-engineering"),
        ("Data Scientist", "machine-learning"),
        ("ML engineer", "machine-learning"),
        ("machne learning engineer", "machine-learning"),
        ("тестировщик", "testing"),
        ("QA tester", "testing"),
        ("Software tester", "testing"),
        ("SDET", "testing"),
        ("iOS dev", "ios"),
        ("C# developer", "csharp"),
        (".NET Entwickler", "csharp"),
        ("Tech lead", "leadership"),
        ("Software architect", "architecture"),
        ("Android Developer", "android"),
        ("Security Engineer", "security"),
        ("AppSec lead", "security"),
        ("Embedded firmware developer", "embedded"),
        ("Linux kernel hacker", "operating-systems"),
        ("Engineering manager", "leadership"),
        ("CTO", "system-design"),
        ("registered nurse", "none"),
        ("Llama groomer", "none"),
        ("Security guard", "none"),
        ("Wine tester", "none"),
        ("Server in a restaurant", "none"),
        ("Analyst", "none"),
        ("Civil engineer", "none"),
        ("Primary school teacher", "none"),
        ("Salesforce consultant", "none"),
    ];

    /// The roles that do not get what they must get.
    fn misunderstood(roles: &[(&str, &str)]) -> Vec<String> {
        let bank = Bank::built_in().unwrap();
        let mut wrong = Vec::new();
        for (role, topic) in roles {
            let fits = fits(&bank, role, &[], "");
            let fit = bank.topics.iter().position(|t| t.name == *topic).map(|at| fits.topics[at]);
            let is_right = match *topic {
                "none" => fits.is_unknown,
                "general" => !fits.is_unknown && !fits.topics.contains(&Fit::Named),
                _ => fit.is_some_and(|fit| fit <= Fit::Role) && !fits.is_unknown,
            };
            if !is_right {
                wrong.push(format!("{role}: {topic}, {fit:?}, unknown {}", fits.is_unknown));
            }
        }
        wrong
    }

    #[test]
    fn roles_are_understood_as_people_write_them_or_told_to_be_unknown() {
        let wrong = misunderstood(&ROLES);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// The same, by somebody who had not seen the rule: a role, a tab, and a topic, "general" or "none".
    #[test]
    fn roles_that_somebody_else_wrote_are_understood() {
        let lines: Vec<(&str, &str)> = include_str!("../../tests/corpora/roles.tsv")
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .collect();
        assert!(lines.len() >= 100);
        let wrong = misunderstood(&lines);
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
    }

    #[test]
    fn everyday_words_of_an_advert_choose_no_topic_and_markup_says_nothing() {
        let bank = Bank::built_in().unwrap();
        let named = |advert: &str| -> Vec<String> {
            let fits = fits(&bank, "Software engineer", &[], advert).topics;
            let all = bank.topics.iter().zip(fits);
            all.filter(|(_, fit)| *fit == Fit::Named).map(|(t, _)| t.name.clone()).collect()
        };
        let everyday =
            "We offer a performance bonus, a mobile phone, job security and a delivery of fruit.";
        assert_eq!(named(everyday), Vec::<String>::new());
        assert_eq!(
            named("<div class=\"kubernetes python\">We bake bread.</div>"),
            Vec::<String>::new()
        );
        assert_eq!(named("Security is our trade: security reviews all day."), ["security"]);
        assert_eq!(named("You know PostgreSQL well."), ["databases", "sql"]);
    }
}
