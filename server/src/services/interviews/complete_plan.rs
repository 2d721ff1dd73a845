//! Completes a plan: what it leaves open comes from its template, its role, or a default.

use crate::{
    domain::{
        clock::Timestamp,
        interview::{InterviewPlan, Level, Part},
        mark::Wishes,
        timing::{Conditions, MOST_MINUTES, Mode},
        violation::Violations,
    },
    questions::{QuestionRequest, bank::Bank, template::Template},
    services::{Resource, ServiceError, ServiceResult},
};

/// How many questions an interview has if neither the request nor a template says.
const DEFAULT_QUESTIONS: usize = 5;

/// How many minutes a question of a real interview has by default.
const QUESTION_MINUTES: i32 = 10;

/// A complete plan of an interview.
pub(super) struct CompletePlan {
    pub(super) role: String,
    pub(super) level: Level,
    /// The level that the role names, if any.
    pub(super) role_level: Option<Level>,
    pub(super) topics: Vec<String>,
    pub(super) parts: Vec<Part>,
    pub(super) count: usize,
    /// A notice for a person if role and level do not agree; else empty.
    pub(super) notice: String,
}

impl CompletePlan {
    /// Takes role, level, topics and parts from the plan, or else from its template. The role may
    /// name a level; a level that was chosen wins, and the notice says so.
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
            // If the request has topics, it is not the template's interview any more.
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

    /// Returns its mode and time limits. A real interview always has a limit: if none is chosen,
    /// the sum of its questions' minutes.
    pub(super) fn conditions(&self, plan: &InterviewPlan) -> Conditions {
        let Conditions { mode, minutes, question_minutes } = plan.conditions;
        if mode == Mode::Study || minutes > 0 {
            return plan.conditions;
        }
        let usual = if question_minutes > 0 { question_minutes } else { QUESTION_MINUTES };
        let of_part = |part: &Part| i32::try_from(part.minutes).ok().filter(|minutes| *minutes > 0);
        let of_parts = self.parts.iter().map(of_part).cycle().take(self.count);
        let of_questions: Vec<i32> = if self.parts.is_empty() {
            vec![usual; self.count]
        } else {
            of_parts.map(|minutes| minutes.unwrap_or(usual)).collect()
        };
        let minutes = of_questions.iter().sum::<i32>().min(MOST_MINUTES);
        Conditions { minutes, ..plan.conditions }
    }

    /// Returns the request by which questions are chosen.
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
    let found = |id| bank.template(id).ok_or(ServiceError::NotFound(Resource::Template));
    plan.template_id.as_deref().map(found).transpose()
}

/// Moves the level of each part by `by`, within the range of levels.
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
    fn a_different_level_moves_every_part_within_the_range_of_levels() {
        let part = |level| Part { topic: "sql".into(), level, minutes: 5 };
        let parts = || vec![part(Some(Level::Junior)), part(Some(Level::Senior)), part(None)];
        let levels = |by| moved(parts(), by).into_iter().map(|p| p.level).collect::<Vec<_>>();
        assert_eq!(levels(0), [Some(Level::Junior), Some(Level::Senior), None]);
        assert_eq!(levels(1), [Some(Level::Mid), Some(Level::Staff), None]);
        assert_eq!(levels(3), [Some(Level::Staff), Some(Level::Staff), None]);
        assert_eq!(levels(-2), [Some(Level::Junior), Some(Level::Junior), None]);
    }
}
