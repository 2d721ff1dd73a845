//! The files of the bank that is compiled in.

/// Name and text of each file in `server/bank`.
pub(super) const ALL: [(&str, &str); 37] = [
    ("algorithms.toml", include_str!("../../bank/algorithms.toml")),
    ("android.toml", include_str!("../../bank/android.toml")),
    ("api-design.toml", include_str!("../../bank/api-design.toml")),
    ("architecture.toml", include_str!("../../bank/architecture.toml")),
    ("code-review-debugging.toml", include_str!("../../bank/code-review-debugging.toml")),
    ("concurrency.toml", include_str!("../../bank/concurrency.toml")),
    ("cpp.toml", include_str!("../../bank/cpp.toml")),
    ("csharp.toml", include_str!("../../bank/csharp.toml")),
    ("data-engineering.toml", include_str!("../../bank/data-engineering.toml")),
    ("databases.toml", include_str!("../../bank/databases.toml")),
    ("delivery.toml", include_str!("../../bank/delivery.toml")),
    ("distributed-systems.toml", include_str!("../../bank/distributed-systems.toml")),
    ("embedded.toml", include_str!("../../bank/embedded.toml")),
    ("frontend.toml", include_str!("../../bank/frontend.toml")),
    ("go.toml", include_str!("../../bank/go.toml")),
    ("incident-response.toml", include_str!("../../bank/incident-response.toml")),
    ("ios.toml", include_str!("../../bank/ios.toml")),
    ("java.toml", include_str!("../../bank/java.toml")),
    ("javascript.toml", include_str!("../../bank/javascript.toml")),
    ("kubernetes-cloud.toml", include_str!("../../bank/kubernetes-cloud.toml")),
    ("leadership.toml", include_str!("../../bank/leadership.toml")),
    ("llm-applications.toml", include_str!("../../bank/llm-applications.toml")),
    ("machine-learning.toml", include_str!("../../bank/machine-learning.toml")),
    ("mobile.toml", include_str!("../../bank/mobile.toml")),
    ("networking.toml", include_str!("../../bank/networking.toml")),
    ("observability.toml", include_str!("../../bank/observability.toml")),
    ("operating-systems.toml", include_str!("../../bank/operating-systems.toml")),
    ("performance.toml", include_str!("../../bank/performance.toml")),
    ("product-sense.toml", include_str!("../../bank/product-sense.toml")),
    ("python.toml", include_str!("../../bank/python.toml")),
    ("rust.toml", include_str!("../../bank/rust.toml")),
    ("security.toml", include_str!("../../bank/security.toml")),
    ("sql.toml", include_str!("../../bank/sql.toml")),
    ("system-design.toml", include_str!("../../bank/system-design.toml")),
    ("teamwork.toml", include_str!("../../bank/teamwork.toml")),
    ("testing.toml", include_str!("../../bank/testing.toml")),
    ("typescript.toml", include_str!("../../bank/typescript.toml")),
];

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::ALL;
    use crate::questions::bank::{Bank, PointPrompts};

    #[test]
    fn every_file_of_the_folder_is_compiled_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bank");
        let there: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let compiled: BTreeSet<String> = ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(there, compiled);
    }

    #[test]
    fn the_built_in_bank_has_no_fault() {
        if let Err(faults) = Bank::built_in() {
            let list: Vec<_> = faults.iter().map(ToString::to_string).collect();
            panic!("{}", list.join("\n"));
        }
    }

    #[test]
    fn every_topic_that_is_a_language_exists() {
        let bank = Bank::built_in().unwrap();
        for language in crate::questions::fit::LANGUAGES {
            assert!(bank.topics.iter().any(|topic| topic.name == language), "{language}");
        }
    }

    #[test]
    fn every_bank_question_has_phrasings_mistakes_hints_and_follow_ups() {
        let bank = Bank::built_in().unwrap();
        for (_, question) in bank.questions() {
            let id = &question.id;
            assert!(question.rubric.key_points.iter().all(|k| k.phrasings.len() >= 2), "{id}");
            let asked = |point: &PointPrompts| point.id.is_some() && point.prompts.len() >= 2;
            assert!(question.prompts.iter().all(asked), "{id}");
            assert!(!question.rubric.mistakes.is_empty(), "{id}");
            assert!(!question.hints.is_empty() && question.follow_ups.is_some(), "{id}");
        }
    }
}
