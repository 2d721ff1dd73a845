//! What a plan comes to: what it does not say comes from its template, its role, or a default.

use crate::{
    domain::{
        clock::Timestamp,
        interview::{InterviewPlan, Level, Part},
        mark::Wishes,
        violation::Violations,
    },
    questions::{QuestionRequest, bank::Bank, template::Template},
    services::{ServiceError, ServiceResult, Thing},
};

/// Questions of an interview where neither the request nor a template says how many.
const DEFAULT_QUESTIONS: usize = 5;

/// What an interview is to be.
pub(super) struct Wanted {
    pub(super) role: String,
    pub(super) level: Level,
    /// The level that the role names.
    pub(super) role_level: Option<Level>,
    pub(super) topics: Vec<String>,
    pub(super) parts: Vec<Part>,
    pub(super) count: usize,
    /// For a person, where role and level do not agree; else empty.
    pub(super) notice: String,
}

impl Wanted {
    /// Role, level, topics and parts as the plan gives them, and where it does not, its template. A role
    /// may name the level; one that was chosen wins, and the notice says so.
    pub(super) fn of(bank: &Bank, plan: &InterviewPlan) -> ServiceResult<Self> {
        let template = template(bank, plan)?;
        let role = plan.role.clone().or_else(|| template.as_ref().map(|t| t.role.clone()));
        let role = role.ok_or_else(|| {
            let mut violations = Violations::new();
            violations.check::<()>("role", Err("Role must be 1 to 100 characters".into()));
            ServiceError::Validation(violations)
        })?;
        let role_level = plan.role.as_deref().and_then(|role| bank.level_of_role(role));
        let level = plan.level.or(role_level).or_else(|| template.as_ref().map(|t| t.level));
        let level = level.unwrap_or(Level::Mid);
        let (topics, parts) = match template {
            // Topics of the request's own are another interview than the template's.
            Some(template) if plan.topics.is_empty() => {
                let by = level as i8 - template.level as i8;
                (template.topics, moved(template.parts, by))
            }
            _ => (plan.topics.clone(), plan.parts.clone()),
        };
        let count = match (plan.questions, parts.len()) {
            (0, 0) => DEFAULT_QUESTIONS,
            (0, parts) => parts,
            (count, _) => count,
        };
        let notice = role_level.filter(|named| *named != level).map_or_else(String::new, |named| {
            let (named, level) = (named.word(), level.word());
            format!("The role says {named}; the questions are for the level you chose, {level}.")
        });
        Ok(Self { role, level, role_level, topics, parts, count, notice })
    }

    /// The same, as questions are chosen by.
    pub(super) fn request<'a>(
        &'a self,
        plan: &'a InterviewPlan,
        asked: &'a [(String, Timestamp)],
        wishes: &'a Wishes,
    ) -> QuestionRequest<'a> {
        QuestionRequest {
            role: &self.role,
            level: self.level,
            count: self.count,
            topics: &self.topics,
            job_description: &plan.job_description,
            language: &plan.language,
            asked,
            not_again: &wishes.not_again,
            again_soon: &wishes.again_soon,
            seed: rand::random(),
        }
    }
}

fn template(bank: &Bank, plan: &InterviewPlan) -> ServiceResult<Option<Template>> {
    let found = |id| bank.template(id).ok_or(ServiceError::NotFound(Thing::Template));
    plan.template_id.as_deref().map(found).transpose()
}

/// Parts that are so many levels harder, as far as there are any.
fn moved(parts: Vec<Part>, by: i8) -> Vec<Part> {
    let to = |level: Level| {
        let at = (level as i8 + by).clamp(Level::Junior as i8, Level::Staff as i8);
        Level::ALL[usize::from(at.unsigned_abs())]
    };
    parts.into_iter().map(|part| Part { level: part.level.map(to), ..part }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_level_moves_every_part_as_far_as_there_are_levels() {
        let part = |level| Part { topic: "sql".into(), level, minutes: 5 };
        let parts = || vec![part(Some(Level::Junior)), part(Some(Level::Senior)), part(None)];
        let levels = |by| moved(parts(), by).into_iter().map(|p| p.level).collect::<Vec<_>>();
        assert_eq!(levels(0), [Some(Level::Junior), Some(Level::Senior), None]);
        assert_eq!(levels(1), [Some(Level::Mid), Some(Level::Staff), None]);
        assert_eq!(levels(3), [Some(Level::Staff), Some(Level::Staff), None]);
        assert_eq!(levels(-2), [Some(Level::Junior), Some(Level::Junior), None]);
    }
}
