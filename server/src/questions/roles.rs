//! Roles that many people practise for, and how many questions the bank has for each.

use super::{bank::Bank, fit};
use crate::domain::interview::Level;

/// Roles as people call them. Other roles are served too; a test checks that these have enough questions.
pub const ROLES: [&str; 46] = [
    "Software engineer",
    "Backend engineer",
    "Frontend engineer",
    "Full-stack engineer",
    "Mobile engineer",
    "iOS engineer",
    "Android engineer",
    "Web developer",
    "React developer",
    "Node.js developer",
    "Rust engineer",
    "Python engineer",
    "Go engineer",
    "Java engineer",
    "TypeScript engineer",
    "JavaScript engineer",
    "C++ engineer",
    "C# engineer",
    "Systems engineer",
    "Embedded engineer",
    "Firmware engineer",
    "Game engine programmer",
    "Compiler engineer",
    "Data engineer",
    "Data analyst",
    "Data scientist",
    "Database administrator",
    "Machine learning engineer",
    "MLOps engineer",
    "Computer vision engineer",
    "LLM application engineer",
    "Site reliability engineer",
    "DevOps engineer",
    "Platform engineer",
    "Cloud engineer",
    "Kubernetes engineer",
    "Network engineer",
    "Linux administrator",
    "Security engineer",
    "Penetration tester",
    "Test engineer",
    "Test automation engineer",
    "Software architect",
    "Tech lead",
    "Engineering manager",
    "CTO",
];

/// A role with the questions that the bank has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// The role as people call it.
    pub role: &'static str,
    /// The number of questions at each level, from the least to the most experienced, in topics of the
    /// role. Related topics, which come when these run out, are not counted.
    pub questions: [usize; 4],
}

impl Bank {
    /// The table of roles and levels.
    pub fn role_table(&self) -> Vec<RoleRow> {
        ROLES.iter().map(|role| RoleRow { role, questions: self.questions_for(role) }).collect()
    }

    fn questions_for(&self, role: &str) -> [usize; 4] {
        let fits = fit::fits(self, role, &[], "");
        let topics =
            self.topics.iter().zip(&fits.topics).filter(|(_, fit)| **fit <= fit::Fit::Role);
        let questions: Vec<Level> = topics
            .flat_map(|(topic, _)| topic.questions.iter().map(|question| question.level))
            .collect();
        Level::ALL.map(|level| questions.iter().filter(|one| **one == level).count())
    }

    /// The level that a role in free text names; `None` if it names none or is not about software.
    pub fn level_of_role(&self, role: &str) -> Option<Level> {
        fit::level(self, role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Roles with at least thirty questions at each level.
    const COMMON: [&str; 21] = [
        "Backend engineer",
        "Frontend engineer",
        "Full-stack engineer",
        "iOS engineer",
        "Android engineer",
        "Data engineer",
        "Machine learning engineer",
        "LLM application engineer",
        "Site reliability engineer",
        "Platform engineer",
        "Security engineer",
        "Test engineer",
        "Embedded engineer",
        "Rust engineer",
        "Python engineer",
        "Go engineer",
        "Java engineer",
        "TypeScript engineer",
        "C++ engineer",
        "C# engineer",
        "Engineering manager",
    ];

    #[test]
    fn every_common_role_has_thirty_questions_at_each_level() {
        let table = Bank::built_in().unwrap().role_table();
        for role in COMMON {
            let row = table.iter().find(|row| row.role == role).expect(role);
            assert!(row.questions.iter().all(|count| *count >= 30), "{row:?}");
        }
    }

    #[test]
    fn every_role_of_the_table_is_known_and_has_enough_for_three_interviews() {
        let bank = Bank::built_in().unwrap();
        let table = bank.role_table();
        assert!(table.len() >= 40);
        for row in table {
            let fits = fit::fits(&bank, row.role, &[], "");
            assert!(!fits.is_unknown && fits.missing.is_empty(), "{row:?}");
            assert!(row.questions.iter().all(|count| *count >= 15), "{row:?}");
        }
    }
}
