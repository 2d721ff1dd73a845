//! Making, showing and deleting interviews.

mod wanted;

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
    },
    questions::{
        QuestionRequest, bank::Bank, model::QuestionWriter, preview::Preview, template::Template,
    },
    services::{ServiceError, ServiceResult, Thing, changes::Changes, interviews::wanted::Wanted},
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

/// How many of the latest questions a language model is told not to ask again.
const LATELY: u32 = 60;

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

/// What an interview would be.
#[derive(Debug, Clone)]
pub struct Previewed {
    /// Whether a language model would write the questions.
    pub is_written: bool,
    /// The level that it would have.
    pub level: Level,
    /// The level that the role names.
    pub role_level: Option<Level>,
    /// What the bank has for it.
    pub bank: Preview,
    /// What fits, in a sentence or two for a person.
    pub summary: String,
    /// What its notice would say; empty: nothing.
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
        let wanted = self.resolve(&plan)?;
        let asked = self.store.asked_questions(caller).await?;
        let wishes = self.store.wishes(caller).await?;
        let asked_for = wanted.request(&plan, &asked, &wishes);
        let set = match self.writer_of(&plan, &wanted) {
            Some(writer) => {
                self.written(writer, caller, &asked_for, wishes.not_again_texts.clone()).await?
            }
            None => self.chosen(&asked_for, &wanted.parts),
        };
        let interview = NewInterview {
            user_id: caller,
            role: wanted.role.clone(),
            level: wanted.level,
            language: set.language,
            job_description: plan.job_description,
            created_at: self.clock.now(),
            questions: set.questions,
            model_calls: set.model_calls,
            request,
        };
        created(self.store.create_interview(interview).await?, both(&wanted.notice, &set.notice))
    }

    /// What `create` would give. Nothing is stored, and no language model is asked.
    pub async fn preview(&self, caller: UserId, plan: InterviewPlan) -> ServiceResult<Previewed> {
        let wanted = self.resolve(&plan)?;
        let asked = self.store.asked_questions(caller).await?;
        let wishes = self.store.wishes(caller).await?;
        let bank = self.bank.preview(&wanted.request(&plan, &asked, &wishes), &wanted.parts);
        let is_written = self.writer_of(&plan, &wanted).is_some();
        let summary = bank.summary();
        Ok(Previewed {
            is_written,
            level: wanted.level,
            role_level: wanted.role_level,
            summary: if is_written {
                format!(
                    "A language model writes the questions. Should it fail, the question bank serves: {summary}"
                )
            } else {
                summary
            },
            notice: both(&wanted.notice, if is_written { "" } else { &bank.notice }),
            bank,
        })
    }

    /// The language model that writes the questions of a plan. A template is an interview of the bank, so the
    /// bank serves it, and so it does an order of somebody's own.
    fn writer_of(&self, plan: &InterviewPlan, wanted: &Wanted) -> Option<&QuestionWriter> {
        let is_of_bank = plan.template_id.is_some() || !wanted.parts.is_empty();
        self.writer.as_ref().filter(|_| !is_of_bank)
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
            return Ok(self.chosen(wanted, &[]));
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

    fn resolve(&self, plan: &InterviewPlan) -> ServiceResult<Wanted> {
        Wanted::of(&self.bank, plan)
    }
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

/// Two notices as one; either may be empty.
fn both(one: &str, other: &str) -> String {
    format!("{one} {other}").trim().to_owned()
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
