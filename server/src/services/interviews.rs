//! Creating, reading, ending and deleting interviews.

mod complete_plan;

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::{
    domain::{
        api_key::Bearer,
        id::{InterviewId, UserId},
        interview::{Interview, InterviewPlan, Level, Part, is_english},
        question::NewQuestion,
        spending::Payer,
        text::IdempotencyKey,
    },
    hints::Changes,
    questions::{
        QuestionRequest, bank::Bank, llm::QuestionWriter, preview::Preview, template::Template,
    },
    services::{
        Resource, ServiceError, ServiceResult, callers::live,
        interviews::complete_plan::CompletePlan,
    },
    storage::{
        Store,
        calls::BeforeCreation,
        interviews::{Creation, NewInterview, RequestKey},
    },
};

/// How many interviews a page has by default.
const DEFAULT_PAGE: u32 = 20;
/// The most interviews on a page; larger sizes are reduced to this.
const LARGEST_PAGE: u32 = 100;

/// The interviews' use cases.
#[derive(Clone)]
pub struct Interviews {
    store: Arc<dyn Store>,
    bank: Arc<Bank>,
    writer: Option<QuestionWriter>,
    changes: Changes,
}

/// How many of the latest questions a language model is told to avoid.
const LATELY: u32 = 60;

/// An interview's questions, from the bank or from a language model.
struct ChosenQuestions {
    questions: Vec<NewQuestion>,
    notice: String,
    language: String,
    model_calls: u32,
}

/// An interview that was just created.
#[derive(Debug, Clone)]
pub struct Created {
    /// The interview with its questions.
    pub interview: Interview,
    /// A notice for a person if it could not be created just as requested; else empty.
    pub notice: String,
}

/// What an interview would be like.
#[derive(Debug, Clone)]
pub struct Previewed {
    /// Whether a language model would write the questions.
    pub is_written: bool,
    /// The level that it would have.
    pub level: Level,
    /// The level that the role names, if any.
    pub role_level: Option<Level>,
    /// What the bank has for it.
    pub bank: Preview,
    /// What the bank has for it, in a sentence or two for a person.
    pub summary: String,
    /// The notice that it would have; may be empty.
    pub notice: String,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// The interviews, newest first.
    pub interviews: Vec<Interview>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<InterviewId>,
}

impl Interviews {
    /// Creates the use cases.
    pub fn new(
        store: Arc<dyn Store>,
        bank: Arc<Bank>,
        writer: Option<QuestionWriter>,
        changes: Changes,
    ) -> Self {
        Self { store, bank, writer, changes }
    }

    /// Returns the use cases with another bank.
    #[must_use]
    pub fn asking_from(self, bank: Arc<Bank>) -> Self {
        Self { bank, ..self }
    }

    /// Creates an interview. A repeated request with the same idempotency key returns the first.
    pub async fn create(
        &self,
        caller: Bearer,
        plan: InterviewPlan,
        key: Option<IdempotencyKey>,
    ) -> ServiceResult<Created> {
        let request = key.map(|key| request_key(&key, &plan));
        let before = self.store.before_creation(caller, request.as_ref()).await?;
        let asked = match live(before)? {
            BeforeCreation::Known(known) => return self.created(*known, String::new()).await,
            BeforeCreation::Asked(asked) => asked,
        };
        let caller = caller.user_id();
        let complete = self.resolve(&plan)?;
        let wishes = self.store.wishes(caller).await?;
        let asked_for = complete.request(&plan, &asked, &wishes);
        let set = match self.writer_of(&plan, &complete) {
            Some(writer) => {
                self.written(writer, caller, &asked_for, wishes.not_again_texts.clone()).await?
            }
            None => self.chosen(&asked_for, &complete.parts),
        };
        let conditions = complete.conditions(&plan);
        let interview = NewInterview {
            user_id: caller,
            role: complete.role.clone(),
            level: complete.level,
            language: set.language,
            job_description: plan.job_description,
            // From the clock that decides when its time is up.
            created_at: self.store.now().await?,
            questions: set.questions,
            model_calls: set.model_calls,
            request,
            conditions,
        };
        let creation = self.store.create_interview(interview).await?;
        self.created(creation, both(&complete.notice, &set.notice)).await
    }

    async fn created(&self, creation: Creation, notice: String) -> ServiceResult<Created> {
        let (interview, notice) = match creation {
            Creation::Created(interview) => (interview, notice),
            Creation::Repeated(interview) => (interview, String::new()),
            Creation::KeyReused => return Err(ServiceError::IdempotencyKeyReused),
        };
        Ok(Created { interview: interview.seen(self.store.now().await?), notice })
    }

    /// Returns what `create` would create, without storing anything or calling a language model.
    pub async fn preview(&self, caller: UserId, plan: InterviewPlan) -> ServiceResult<Previewed> {
        let complete = self.resolve(&plan)?;
        let asked = self.store.asked_questions(caller).await?;
        let wishes = self.store.wishes(caller).await?;
        let bank = self.bank.preview(&complete.request(&plan, &asked, &wishes), &complete.parts);
        let is_written = self.writer_of(&plan, &complete).is_some();
        let summary = bank.summary();
        Ok(Previewed {
            is_written,
            level: complete.level,
            role_level: complete.role_level,
            summary: if is_written {
                format!(
                    "A language model writes the questions. If it fails, they come from the \
                     question bank: {summary}"
                )
            } else {
                summary
            },
            notice: both(&complete.notice, if is_written { "" } else { &bank.notice }),
            bank,
        })
    }

    /// Returns the language model if it writes the questions of a plan. For a template and for
    /// planned questions, the bank is used.
    fn writer_of(&self, plan: &InterviewPlan, complete: &CompletePlan) -> Option<&QuestionWriter> {
        let is_of_bank = plan.template_id.is_some() || !complete.parts.is_empty();
        self.writer.as_ref().filter(|_| !is_of_bank)
    }

    /// Returns the bank's questions that are to be asked again soon, then questions that a language
    /// model writes; if it fails, only the bank's, with a notice that says so.
    async fn written(
        &self,
        writer: &QuestionWriter,
        caller: UserId,
        wanted: &QuestionRequest<'_>,
        mut not_again: Vec<String>,
    ) -> ServiceResult<ChosenQuestions> {
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
            Ok(questions) => ChosenQuestions {
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
                ChosenQuestions { notice, model_calls: writing.calls, ..chosen }
            }
        })
    }

    /// Chooses questions of the bank, in the order of the parts if there are any.
    fn chosen(&self, wanted: &QuestionRequest<'_>, parts: &[Part]) -> ChosenQuestions {
        let set = match parts {
            [] => self.bank.choose(wanted),
            parts => self.bank.choose_parts(wanted, parts),
        };
        // The language of the questions; all of the bank is in English.
        let language = if is_english(wanted.language) { wanted.language } else { "en" };
        ChosenQuestions {
            questions: set.questions,
            notice: set.notice,
            language: language.to_owned(),
            model_calls: 0,
        }
    }

    /// Returns the interview, if it is the caller's.
    pub async fn get(&self, caller: Bearer, id: InterviewId) -> ServiceResult<Interview> {
        let interview = self.owned(caller, id).await?;
        Ok(interview.seen(self.store.now().await?))
    }

    /// Ends one of the caller's real interviews and returns its new state.
    pub async fn end(&self, caller: Bearer, id: InterviewId) -> ServiceResult<Interview> {
        let mut interview = self.owned(caller, id).await?;
        if interview.timing.ends_at.is_none() {
            return Err(ServiceError::NotInRealMode);
        }
        let now = self.store.now().await?;
        let ended_at = self.store.end_interview(interview.user_id, id, now).await?;
        let ended_at = ended_at.ok_or(ServiceError::NotFound(Resource::Interview))?;
        self.changes.announce(id);
        interview.timing.ended_at = Some(ended_at);
        Ok(interview.seen(now))
    }

    async fn owned(&self, caller: Bearer, id: InterviewId) -> ServiceResult<Interview> {
        let interview = live(self.store.interview_for(caller, id).await?)?;
        let interview = interview.ok_or(ServiceError::NotFound(Resource::Interview))?;
        if interview.user_id != caller.user_id() {
            return Err(ServiceError::AccessDenied);
        }
        Ok(interview)
    }

    /// Returns the caller's interviews, newest first, beginning after `older_than`. A page size of
    /// 0 means the default.
    pub async fn list(
        &self,
        caller: Bearer,
        page_size: u32,
        older_than: Option<InterviewId>,
    ) -> ServiceResult<Page> {
        let size = if page_size == 0 { DEFAULT_PAGE } else { page_size.min(LARGEST_PAGE) };
        // One more than requested shows whether there is a next page.
        let mut interviews = live(self.store.interviews_of(caller, older_than, size + 1).await?)?;
        let more = interviews.len() > size as usize;
        interviews.truncate(size as usize);
        let next = if more { interviews.last().map(|interview| interview.id) } else { None };
        let now = self.store.now().await?;
        let interviews = interviews.into_iter().map(|interview| interview.seen(now)).collect();
        Ok(Page { interviews, next })
    }

    /// Deletes the interview and all its data, if it is the caller's.
    pub async fn delete(&self, caller: UserId, id: InterviewId) -> ServiceResult<()> {
        check_owner(self.store.as_ref(), caller, id).await?;
        if !self.store.delete_interview(id).await? {
            return Err(ServiceError::NotFound(Resource::Interview));
        }
        self.changes.announce(id);
        Ok(())
    }

    /// Returns the ready-made interviews.
    pub fn templates(&self) -> Vec<Template> {
        self.bank.templates()
    }

    fn resolve(&self, plan: &InterviewPlan) -> ServiceResult<CompletePlan> {
        CompletePlan::of(&self.bank, plan)
    }
}

/// Checks that the interview exists, then that it is the caller's.
pub(super) async fn check_owner(
    store: &dyn Store,
    caller: UserId,
    id: InterviewId,
) -> ServiceResult<()> {
    match store.interview_owner(id).await? {
        None => Err(ServiceError::NotFound(Resource::Interview)),
        Some(owner) if owner != caller => Err(ServiceError::AccessDenied),
        Some(_) => Ok(()),
    }
}

/// Joins two notices; either may be empty.
fn both(one: &str, other: &str) -> String {
    format!("{one} {other}").trim().to_owned()
}

/// Makes the key under which a request is stored. The hash covers every field of the plan, since
/// its debug form names and separates them.
fn request_key(key: &IdempotencyKey, plan: &InterviewPlan) -> RequestKey {
    let request_hash = Sha256::digest(format!("{plan:?}").as_bytes()).into();
    RequestKey { key: key.as_str().to_owned(), request_hash }
}
