//! A new interview, question by question.

use viva_proto::v1::{CreateInterviewRequest, Level};

use super::{Talk, console::say};
use crate::{
    cli::{Failure, Meanwhile, fresh_key, note},
    text, words,
};

/// How many questions the numbers go up to.
const MOST_QUESTIONS: i32 = 10;

impl Talk<'_> {
    /// Asks what it is to be and creates it.
    pub(super) async fn new_interview(&mut self) -> Result<i64, Failure> {
        let role = self.role().await?;
        let levels = words::LEVELS.map(|level| (words::level(level), level));
        // The first choice is the default, and most who practise are in the middle.
        let [junior, mid, senior, staff] = levels;
        let levels = vec![mid, junior, senior, staff];
        let level: Level = self.console.choose("How experienced?", levels).await?;
        let num_questions = self.count().await?;
        let request = CreateInterviewRequest {
            role,
            num_questions,
            level: level.into(),
            idempotency_key: fresh_key(),
            ..CreateInterviewRequest::default()
        };
        let mut meanwhile = Meanwhile::new(self.context);
        let what = words::writing_questions(num_questions, self.context.settings.model.is_some());
        let reply = meanwhile.during(&what, self.api.create_interview(request)).await?;
        if !reply.notice.is_empty() {
            note(&text::neutral(&reply.notice));
        }
        Ok(reply.interview.unwrap_or_default().id)
    }

    /// A role of the bank by its number, or any other in words.
    async fn role(&mut self) -> Result<String, Failure> {
        let mut roles: Vec<String> = Vec::new();
        for template in self.api.list_templates().await? {
            if !roles.contains(&template.role) {
                roles.push(template.role);
            }
        }
        say("\nFor which role?")?;
        for (role, number) in roles.iter().zip(1..) {
            say(&format!("{number}. {role}"))?;
        }
        loop {
            say("A number, or any other role in your own words [1]:")?;
            let line = self.console.line().await?;
            let chosen = match line.trim() {
                "" => roles.first().cloned(),
                text => match text.parse::<usize>() {
                    Ok(number) => roles.get(number.wrapping_sub(1)).cloned(),
                    Err(_) if text.chars().count() <= 100 => Some(text.to_owned()),
                    Err(_) => None,
                },
            };
            match chosen {
                Some(role) => return Ok(role),
                None => say(&format!(
                    "Please type a number from 1 to {}, or at most 100 characters.",
                    roles.len()
                ))?,
            }
        }
    }

    async fn count(&mut self) -> Result<i32, Failure> {
        say("\nHow many questions, 1 to 10 [5]:")?;
        loop {
            let line = self.console.line().await?;
            let count = match line.trim() {
                "" => Ok(5),
                number => number.parse(),
            };
            match count {
                Ok(count) if (1..=MOST_QUESTIONS).contains(&count) => return Ok(count),
                _ => say("Please type a number from 1 to 10.")?,
            }
        }
    }
}
