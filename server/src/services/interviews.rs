//! Making, showing and deleting interviews.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::{
    domain::{
        clock::Clock,
        id::{InterviewId, UserId},
        interview::{Interview, InterviewPlan, Level, Part, is_english},
        question::NewQuestion,
        spending::Payer,
        text::IdempotencyKey,
        violation::Violations,
    },
    questions::{QuestionRequest, bank::Bank, model::QuestionWriter, template::Template},
    services::{ServiceError, ServiceResult, Thing, changes::Changes},
    storage::{
        Store,
        interviews::{Creation, NewInterview, RequestKey},
    },
};

/// Interviews on a page when the caller does not say.
const DEFAULT_PAGE: u32 = 20;
/// The most interviews on a page; whoever asks for more gets these.
const LARGEST_PAGE: u32 = 100;

/// The interviews' use cases.
#[derive(Clone)]
pub struct Interviews {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    bank: Arc<Bank>,
    writer: Option<QuestionWriter>,
    changes: Changes,
}

/// Questions of an interview where neither the request nor a template says how many.
const DEFAULT_QUESTIONS: usize = 5;

/// How many of the latest questions a language model is told not to ask again.
const LATELY: u32 = 60;

/// What is asked for once a template has been looked up.
struct Wanted {
    role: String,
    level: Level,
    topics: Vec<String>,
    parts: Vec<Part>,
    count: usize,
}

/// An interview's questions, wherever they come from.
struct Asked {
    questions: Vec<NewQuestion>,
    notice: String,
    language: String,
    model_calls: u32,
}

/// An interview that was just made.
#[derive(Debug, Clone)]
pub struct Created {
    /// The interview with its questions.
    pub interview: Interview,
    /// For a person, where it could not be made just as asked; else empty.
    pub notice: String,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// Newest first.
    pub interviews: Vec<Interview>,
    /// Where the next page begins; none after the last.
    pub next: Option<InterviewId>,
}

impl Interviews {
    /// Puts the use cases together.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        bank: Arc<Bank>,
        writer: Option<QuestionWriter>,
        changes: Changes,
    ) -> Self {
        Self { store, clock, bank, writer, changes }
    }

    /// The same with another bank.
    #[must_use]
    pub fn asking_from(self, bank: Arc<Bank>) -> Self {
        Self { bank, ..self }
    }

    /// Makes an interview. Under an idempotency key, the same request again gives the first one.
    pub async fn create(
        &self,
        caller: UserId,
        plan: InterviewPlan,
        key: Option<IdempotencyKey>,
    ) -> ServiceResult<Created> {
        let request = key.map(|key| request_key(&key, &plan));
        if let Some(request) = &request
            && let Some(known) = self.store.interview_of_request(caller, request).await?
        {
            return created(known, String::new());
        }
        let Wanted { role, level, topics, parts, count } = self.resolve(&plan)?;
        let asked = self.store.asked_questions(caller).await?;
        let wishes = self.store.wishes(caller).await?;
        let wanted = QuestionRequest {
            role: &role,
            level,
            count,
            topics: &topics,
            job_description: &plan.job_description,
            language: &plan.language,
            asked: &asked,
            not_again: &wishes.not_again,
            again_soon: &wishes.again_soon,
            seed: rand::random(),
        };
        // A template is an interview of the bank, so the bank serves it.
        let is_of_bank = plan.template_id.is_some() || !parts.is_empty();
        let set = match self.writer.as_ref().filter(|_| !is_of_bank) {
            Some(writer) => self.written(writer, caller, &wanted, wishes.not_again_texts).await?,
            None => self.chosen(&wanted, &parts),
        };
        let interview = NewInterview {
            user_id: caller,
            role,
            level,
            language: set.language,
            job_description: plan.job_description,
            created_at: self.clock.now(),
            questions: set.questions,
            model_calls: set.model_calls,
            request,
        };
        created(self.store.create_interview(interview).await?, set.notice)
    }

    /// Questions that a language model writes, after those of the bank that are wanted soon; where it
    /// does not, the bank's, and the notice says so.
    async fn written(
        &self,
        writer: &QuestionWriter,
        caller: UserId,
        wanted: &QuestionRequest<'_>,
        mut not_again: Vec<String>,
    ) -> ServiceResult<Asked> {
        let is_english = is_english(wanted.language);
        let mut due = if is_english { self.bank.due(wanted) } else { Vec::new() };
        let count = wanted.count - due.len();
        if count == 0 {
            return Ok(self.chosen(wanted));
        }
        not_again.truncate(LATELY as usize);
        let mut avoided = self.store.asked_texts(caller, LATELY).await?;
        avoided.extend(not_again);
        avoided.extend(due.iter().map(|question| question.text.clone()));
        let payer = Payer { user_id: caller, interview_id: None };
        let rest = QuestionRequest { count, ..wanted.clone() };
        let writing = writer.write(payer, &rest, &avoided).await;
        Ok(match writing.questions {
            Ok(questions) => Asked {
                questions: {
                    due.extend(questions);
                    due
                },
                notice: String::new(),
                language: wanted.language.to_owned(),
                model_calls: writing.calls,
            },
            Err(reason) => {
                let chosen = self.chosen(wanted, &[]);
                let notice = format!(
                    "{reason} The questions come from the question bank instead. {}",
                    chosen.notice
                );
                let notice = notice.trim_end().to_owned();
                Asked { notice, model_calls: writing.calls, ..chosen }
            }
        })
    }

    /// Questions of the bank, in the order of the parts where there are any.
    fn chosen(&self, wanted: &QuestionRequest<'_>, parts: &[Part]) -> Asked {
        let set = match parts {
            [] => self.bank.choose(wanted),
            parts => self.bank.choose_parts(wanted, parts),
        };
        // The language that the questions are in, which is the bank's.
        let language = if is_english(wanted.language) { wanted.language } else { "en" };
        Asked {
            questions: set.questions,
            notice: set.notice,
            language: language.to_owned(),
            model_calls: 0,
        }
    }

    /// The interview, if it is the caller's.
    pub async fn get(&self, caller: UserId, id: InterviewId) -> ServiceResult<Interview> {
        owned_interview(self.store.as_ref(), caller, id).await
    }

    /// The caller's interviews, newest first, from `older_than` on. A page size of 0 is the
    /// default's.
    pub async fn list(
        &self,
        caller: UserId,
        page_size: u32,
        older_than: Option<InterviewId>,
    ) -> ServiceResult<Page> {
        let size = if page_size == 0 { DEFAULT_PAGE } else { page_size.min(LARGEST_PAGE) };
        // One more than asked for tells whether there is a next page.
        let mut interviews = self.store.interviews(caller, older_than, size + 1).await?;
        let more = interviews.len() > size as usize;
        interviews.truncate(size as usize);
        let next = if more { interviews.last().map(|interview| interview.id) } else { None };
        Ok(Page { interviews, next })
    }

    /// Deletes the interview with all that hangs on it, if it is the caller's.
    pub async fn delete(&self, caller: UserId, id: InterviewId) -> ServiceResult<()> {
        check_owner(self.store.as_ref(), caller, id).await?;
        if !self.store.delete_interview(id).await? {
            return Err(ServiceError::NotFound(Thing::Interview));
        }
        self.changes.announce(id);
        Ok(())
    }

    /// The ready-made interviews.
    pub fn templates(&self) -> Vec<Template> {
        self.bank.templates()
    }

    /// What the plan asks for, and where it does not say, its template.
    fn resolve(&self, plan: &InterviewPlan) -> ServiceResult<Wanted> {
        let template = match &plan.template_id {
            Some(id) => {
                Some(self.bank.template(id).ok_or(ServiceError::NotFound(Thing::Template))?)
            }
            None => None,
        };
        let role = plan.role.clone().or_else(|| template.as_ref().map(|t| t.role.clone()));
        let role = role.ok_or_else(|| {
            let mut violations = Violations::new();
            violations.check::<()>("role", Err("Role must be 1 to 100 characters".into()));
            ServiceError::Validation(violations)
        })?;
        let level = plan.level.or_else(|| template.as_ref().map(|t| t.level));
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
        Ok(Wanted { role, level, topics, parts, count })
    }
}

/// Parts that are so many levels harder, as far as there are any.
fn moved(parts: Vec<Part>, by: i8) -> Vec<Part> {
    let to = |level: Level| {
        let at = (level as i8 + by).clamp(Level::Junior as i8, Level::Staff as i8);
        Level::ALL[usize::from(at.unsigned_abs())]
    };
    parts.into_iter().map(|part| Part { level: part.level.map(to), ..part }).collect()
}

/// Whether the interview exists and is the caller's, in this order.
pub(super) async fn check_owner(
    store: &dyn Store,
    caller: UserId,
    id: InterviewId,
) -> ServiceResult<()> {
    match store.interview_owner(id).await? {
        None => Err(ServiceError::NotFound(Thing::Interview)),
        Some(owner) if owner != caller => Err(ServiceError::AccessDenied),
        Some(_) => Ok(()),
    }
}

/// The interview, if it exists and is the caller's, in this order.
pub(super) async fn owned_interview(
    store: &dyn Store,
    caller: UserId,
    id: InterviewId,
) -> ServiceResult<Interview> {
    let interview = store.interview(id).await?.ok_or(ServiceError::NotFound(Thing::Interview))?;
    if interview.user_id != caller {
        return Err(ServiceError::AccessDenied);
    }
    Ok(interview)
}

fn created(creation: Creation, notice: String) -> ServiceResult<Created> {
    match creation {
        Creation::Created(interview) => Ok(Created { interview, notice }),
        Creation::Repeated(interview) => Ok(Created { interview, notice: String::new() }),
        Creation::KeyReused => Err(ServiceError::IdempotencyKeyReused),
    }
}

/// The fingerprint takes in every field of the plan; its debug form names and separates them.
fn request_key(key: &IdempotencyKey, plan: &InterviewPlan) -> RequestKey {
    let request_hash = Sha256::digest(format!("{plan:?}").as_bytes()).into();
    RequestKey { key: key.as_str().to_owned(), request_hash }
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
