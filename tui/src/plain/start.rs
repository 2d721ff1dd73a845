//! A new interview, question by question.

use viva_proto::v1::{
    CreateInterviewRequest, InterviewMode, Level, PreviewInterviewResponse, Template,
};

use super::{Talk, console::say};
use crate::{
    cli::{Failure, Meanwhile, fresh_key, note},
    templates, text, words,
};

/// The most questions that you can ask for.
const MOST_QUESTIONS: i32 = 10;

/// The longest interview, in minutes.
const MOST_MINUTES: i32 = 480;

/// The default number of questions.
const USUAL_QUESTIONS: i32 = 5;

/// What a new interview starts from.
enum Chosen {
    /// A role.
    Role(String),
    /// A ready-made interview, still to be chosen.
    ReadyMade,
}

impl Talk<'_> {
    /// Asks for a template or for role, level and number of questions, and creates the interview.
    pub(super) async fn new_interview(&mut self) -> Result<i64, Failure> {
        let all = self.templates().await?;
        let role = match self.role(&all).await? {
            Chosen::Role(role) => role,
            Chosen::ReadyMade => {
                let template = self.ready_made(&all).await?;
                return self.create_from(template).await;
            }
        };
        let preview = self.preview(&role).await?;
        // The first choice is the default: the role's level if it names one, else mid.
        let first = preview.as_ref().map_or(Level::Mid, PreviewInterviewResponse::level);
        let mut levels = words::LEVELS.map(|level| (words::level(level), level)).to_vec();
        levels.sort_by_key(|(_, level)| *level != first);
        let level: Level = self.console.choose("How experienced?", levels).await?;
        let num_questions = self.count().await?;
        let request = CreateInterviewRequest {
            role,
            num_questions,
            level: level.into(),
            ..CreateInterviewRequest::default()
        };
        let topics = preview.as_ref().map(|preview| preview.topics.clone()).unwrap_or_default();
        let told = preview.map(|preview| preview.notice).unwrap_or_default();
        self.refine(request, &topics, &told).await
    }

    /// Creates an interview as the template describes it.
    async fn create_from(&mut self, template: &Template) -> Result<i64, Failure> {
        let (mode, minutes) = self.mode().await?;
        let mut request = CreateInterviewRequest {
            num_questions: templates::questions(template).unwrap_or_default(),
            idempotency_key: fresh_key(),
            mode: mode.into(),
            minutes,
            ..CreateInterviewRequest::default()
        };
        templates::ask(&mut request, template);
        // The questions of a template come from the bank.
        self.create(request, false, "").await
    }

    /// Creates an interview; `told` is the notice that you have read already.
    pub(super) async fn create(
        &mut self,
        request: CreateInterviewRequest,
        is_written: bool,
        told: &str,
    ) -> Result<i64, Failure> {
        let mut meanwhile = Meanwhile::new(self.context);
        let what = words::writing_questions(request.num_questions, is_written);
        let reply = meanwhile.during(&what, self.api.create_interview(request)).await?;
        // Do not repeat a notice that was printed before starting.
        if reply.notice != told && !reply.notice.is_empty() {
            note(&text::neutral(&reply.notice));
        }
        Ok(reply.interview.unwrap_or_default().id)
    }

    /// Says what an interview for the role would get; does nothing if the server cannot say.
    async fn preview(&self, role: &str) -> Result<Option<PreviewInterviewResponse>, Failure> {
        let request = CreateInterviewRequest {
            role: role.to_owned(),
            num_questions: USUAL_QUESTIONS,
            ..CreateInterviewRequest::default()
        };
        let Ok(preview) = self.api.preview_interview(request).await else { return Ok(None) };
        say(&format!("\n{}", text::neutral(&preview.summary)))?;
        if !preview.notice.is_empty() {
            say(&text::neutral(&preview.notice))?;
        }
        Ok(Some(preview))
    }

    /// The ready-made interviews, your own first.
    async fn templates(&mut self) -> Result<Vec<Template>, Failure> {
        let own = templates::read_folder(&self.context.paths.templates());
        for fault in &own.faults {
            note(&text::neutral(&format!("Skipped among your templates: {fault}")));
        }
        let all = self.api.list_templates().await?;
        Ok(own.templates.into_iter().chain(all).collect())
    }

    /// Asks for a role by number, for any other role in words, or for a ready-made interview.
    async fn role(&mut self, templates: &[Template]) -> Result<Chosen, Failure> {
        let mut roles: Vec<String> = Vec::new();
        for template in templates.iter().filter(|template| template.parts.is_empty()) {
            if !roles.contains(&template.role) {
                roles.push(template.role.clone());
            }
        }
        let has_ready_made = templates.iter().any(|template| !template.parts.is_empty());
        say("\nFor which role?")?;
        for (role, number) in roles.iter().zip(1..) {
            say(&format!("{number}. {role}"))?;
        }
        loop {
            say("A number, or any other role in your own words [1]:")?;
            if has_ready_made {
                say("T lists ready-made interviews.")?;
            }
            let line = self.console.line().await?;
            let chosen = match line.trim() {
                "t" | "T" if has_ready_made => return Ok(Chosen::ReadyMade),
                "" => roles.first().cloned(),
                text => match text.parse::<usize>() {
                    Ok(number) => roles.get(number.wrapping_sub(1)).cloned(),
                    Err(_) if text.chars().count() <= 100 => Some(text.to_owned()),
                    Err(_) => None,
                },
            };
            match chosen {
                Some(role) => return Ok(Chosen::Role(role)),
                None => say(&format!(
                    "Please type a number from 1 to {}, or at most 100 characters.",
                    roles.len()
                ))?,
            }
        }
    }

    /// Asks for a ready-made interview by number.
    async fn ready_made<'t>(&mut self, templates: &'t [Template]) -> Result<&'t Template, Failure> {
        let ready_made = templates.iter().filter(|template| !template.parts.is_empty());
        let choices = ready_made.map(|template| {
            let text = format!("{}. {}", template.title, words::template(template));
            (text::neutral_line(&text), template)
        });
        let choices: Vec<_> = choices.collect();
        let choices = choices.iter().map(|(text, template)| (text.as_str(), *template)).collect();
        self.console.choose("Which ready-made interview?", choices).await
    }

    /// Asks for the mode and the minutes; 0 means the server's default.
    pub(super) async fn mode(&mut self) -> Result<(InterviewMode, i32), Failure> {
        let modes = vec![
            ("To study: feedback after each answer", InterviewMode::Study),
            ("As a real interview: under a clock, with feedback at the end", InterviewMode::Real),
        ];
        let mode = self.console.choose("How do you want to practise?", modes).await?;
        if mode == InterviewMode::Study {
            return Ok((mode, 0));
        }
        say("\nHow many minutes, 1 to 480? Enter alone takes what fits the questions:")?;
        loop {
            let line = self.console.line().await?;
            match line.trim() {
                "" => return Ok((mode, 0)),
                number => match number.parse() {
                    Ok(minutes) if (1..=MOST_MINUTES).contains(&minutes) => {
                        return Ok((mode, minutes));
                    }
                    _ => say("Please type a number from 1 to 480.")?,
                },
            }
        }
    }

    async fn count(&mut self) -> Result<i32, Failure> {
        say("\nHow many questions, 1 to 10 [5]:")?;
        loop {
            let line = self.console.line().await?;
            let count = match line.trim() {
                "" => Ok(USUAL_QUESTIONS),
                number => number.parse(),
            };
            match count {
                Ok(count) if (1..=MOST_QUESTIONS).contains(&count) => return Ok(count),
                _ => say("Please type a number from 1 to 10.")?,
            }
        }
    }
}
