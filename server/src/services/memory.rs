//! Spaced review: what is due, the prompts for it, and the grading of the answers.

mod grading;
mod learning;
mod lists;

use std::sync::Arc;

use crate::{
    domain::{
        api_key::Bearer,
        clock::Timestamp,
        day::Day,
        evaluation::Declined,
        id::PointId,
        memory::{Counts, MemoryPoint, PointState},
        text::IdempotencyKey,
        violation::{InvalidValue, Violations},
    },
    evaluation::Evaluator,
    memory::{
        calendar::Zone,
        scheduler::{Scheduler, SchedulerError},
    },
    questions::{
        bank::Bank,
        points::{BankPoint, BankPoints},
    },
    services::{
        Limit, Resource, ServiceError, ServiceResult, account_slots::AccountSlots, callers::live,
    },
    storage::{
        Store,
        memory::{KeptReview, KnownMemory, NewReview, PointChange, ReviewAdded},
    },
};
use grading::Graded;

pub use lists::{Mode, Overview, Review, Reviews, TopicMemory};

/// How often a change is tried if the memory has changed meanwhile. An account makes fewer changes
/// at once.
const TRIES: usize = 16;

/// The most reviews of an account that one process grades at once.
const MOST_AT_ONCE: usize = 4;

/// The memory's use cases.
#[derive(Clone)]
pub struct Memories {
    store: Arc<dyn Store>,
    points: Arc<BankPoints>,
    scheduler: Scheduler,
    grader: Arc<dyn Evaluator>,
    slots: AccountSlots,
}

/// An answer to a prompt.
#[derive(Debug, Clone)]
pub struct ReviewDraft {
    /// The point.
    pub point_id: PointId,
    /// The prompt's number; `None`: the one that would be asked now.
    pub prompt: Option<i32>,
    /// The answer; blank for "I don't know".
    pub answer: String,
    /// The idempotency key.
    pub key: Option<IdempotencyKey>,
    /// The time zone that the account gets if it has none.
    pub zone: Option<Zone>,
}

/// The result of an answer to a prompt.
#[derive(Debug, Clone)]
pub struct Reviewed {
    /// The review as stored, or why the grader declined to judge.
    pub outcome: Result<KeptReview, Declined>,
    /// What a good answer says.
    pub point: String,
    /// When the point is due.
    pub due_on: Day,
    /// Today.
    pub today: Day,
    /// How much is left to review.
    pub counts: Counts,
}

/// An account's memory, brought up to date, and the time at which it was read.
struct Current {
    known: KnownMemory,
    zone: Zone,
    now: Timestamp,
}

impl Current {
    fn today(&self) -> Day {
        self.zone.day_of(self.now)
    }

    fn point(&self, id: PointId) -> Option<&MemoryPoint> {
        self.known.points.iter().find(|point| point.id == id)
    }
}

impl Memories {
    /// Creates the use cases.
    pub fn new(
        store: Arc<dyn Store>,
        bank: Arc<Bank>,
        grader: Arc<dyn Evaluator>,
    ) -> Result<Self, SchedulerError> {
        let (points, scheduler) = (Arc::new(BankPoints::of(bank)), Scheduler::new()?);
        let slots = AccountSlots::new(MOST_AT_ONCE, Limit::Reviews);
        Ok(Self { store, points, scheduler, grader, slots })
    }

    /// Returns the use cases with another bank.
    #[must_use]
    pub fn asking_from(self, bank: Arc<Bank>) -> Self {
        Self { points: Arc::new(BankPoints::of(bank)), ..self }
    }

    /// Grades an answer to a prompt and reschedules its point.
    pub async fn review(&self, caller: Bearer, draft: ReviewDraft) -> ServiceResult<Reviewed> {
        let _slot = self.slots.take(caller.user_id())?;
        let mut graded = None;
        for _ in 0..TRIES {
            let current = self.current(caller, draft.zone.as_ref()).await?;
            let point = self.owned(caller, &current, draft.point_id).await?;
            let asked = self.points.find(&point.key).ok_or(ServiceError::NoPrompt)?;
            let number = draft.prompt.unwrap_or_else(|| asked.next_prompt(point.state.prompt));
            let prompt = asked.prompt(number).ok_or_else(|| no_such_prompt(&asked))?;
            let found = match graded.take() {
                Some((of, found)) if of == number => found,
                _ => self.grade(caller.user_id(), &asked, prompt, &draft.answer).await?,
            };
            let found = match found {
                Ok(found) => found,
                Err(declined) => return Ok(self.declined(&current, point, &asked, declined)),
            };
            let new = self.new_review(&current, point, number, &draft, found.clone())?;
            let (state, review) = (new.state.clone(), new.review.clone());
            let revision = current.known.revision;
            match self.store.add_review(caller.user_id(), revision, new).await? {
                ReviewAdded::Added => {
                    return Ok(self.reviewed(current, draft.point_id, Some(state), review));
                }
                ReviewAdded::Repeated(kept) => {
                    return Ok(self.reviewed(current, draft.point_id, None, kept));
                }
                ReviewAdded::KeyReused => return Err(ServiceError::IdempotencyKeyReused),
                ReviewAdded::Changed => graded = Some((number, Ok(found))),
            }
        }
        Err(changed_all_the_time())
    }

    /// Postpones a point to at least `days` days from today; returns the day on which it is due.
    pub async fn postpone(
        &self,
        caller: Bearer,
        id: PointId,
        days: i32,
        zone: Option<Zone>,
    ) -> ServiceResult<Day> {
        for _ in 0..TRIES {
            let current = self.current(caller, zone.as_ref()).await?;
            let point = self.owned(caller, &current, id).await?;
            self.points.find(&point.key).ok_or(ServiceError::NoPrompt)?;
            let due_on = point.state.due_on.max(current.today().after(days));
            let change = PointChange::DueOn(due_on);
            if self.change(caller, &current, id, change, zone.as_ref()).await? {
                return Ok(due_on);
            }
        }
        Err(changed_all_the_time())
    }

    /// Stops reviews of a point, or with `undo` starts them again.
    pub async fn forget(&self, caller: Bearer, id: PointId, undo: bool) -> ServiceResult<()> {
        for _ in 0..TRIES {
            let current = self.current(caller, None).await?;
            let point = self.owned(caller, &current, id).await?;
            let change = PointChange::Forgotten(!undo);
            if point.is_forgotten != undo || self.change(caller, &current, id, change, None).await?
            {
                return Ok(());
            }
        }
        Err(changed_all_the_time())
    }

    async fn change(
        &self,
        caller: Bearer,
        current: &Current,
        id: PointId,
        change: PointChange,
        zone: Option<&Zone>,
    ) -> ServiceResult<bool> {
        let zone = zone.map(|zone| zone.name().to_owned());
        let (user_id, revision) = (caller.user_id(), current.known.revision);
        Ok(self.store.change_point(user_id, revision, id, change, zone).await?)
    }

    /// Returns the caller's memory, including every completed evaluation, in the account's time
    /// zone or else in `zone`.
    async fn current(&self, caller: Bearer, zone: Option<&Zone>) -> ServiceResult<Current> {
        let mut tries = 0;
        while tries < TRIES {
            let now = self.store.now().await?;
            let known = live(self.store.memory_of(caller, now).await?)?;
            let kept = known.time_zone.as_deref().map(Zone::parse);
            // A zone that no longer exists counts as not set.
            let kept = kept.and_then(Result::ok);
            let zone = kept.or_else(|| zone.cloned()).unwrap_or_default();
            if !known.has_news {
                return Ok(Current { known, zone, now });
            }
            if !self.learn(caller.user_id(), &known, &zone, now).await? {
                tries += 1;
            }
        }
        Err(changed_all_the_time())
    }

    async fn owned<'c>(
        &self,
        caller: Bearer,
        current: &'c Current,
        id: PointId,
    ) -> ServiceResult<&'c MemoryPoint> {
        if let Some(point) = current.point(id) {
            return Ok(point);
        }
        match self.store.owner_of_point(id).await? {
            Some(owner) if owner != caller.user_id() => Err(ServiceError::AccessDenied),
            _ => Err(ServiceError::NotFound(Resource::Point)),
        }
    }

    fn new_review(
        &self,
        current: &Current,
        point: &MemoryPoint,
        prompt: i32,
        draft: &ReviewDraft,
        found: Graded,
    ) -> ServiceResult<NewReview> {
        let today = current.today();
        let before = &point.state;
        let next = self.scheduler.rate(Some((before.trace, before.rated_on)), found.rating, today);
        let next = next.map_err(ServiceError::internal)?;
        Ok(NewReview {
            point_id: point.id,
            state: PointState {
                trace: next.trace,
                rated_on: today.max(before.rated_on),
                due_on: next.due_on,
                reviewed_on: Some(today),
                prompt,
                ratings: before.ratings.saturating_add(1),
                question_id: before.question_id,
            },
            review: KeptReview {
                reviewed_at: current.now,
                prompt,
                answer: draft.answer.clone(),
                rating: found.rating,
                coverage: found.coverage,
                evidence: found.evidence,
                correction: found.correction,
                due_on: next.due_on,
            },
            key: draft.key.clone(),
            time_zone: draft.zone.as_ref().map(|zone| zone.name().to_owned()),
        })
    }

    /// Makes the reply to a stored review; `state` is its point's new state, `None` if it was
    /// stored by an earlier call.
    fn reviewed(
        &self,
        mut current: Current,
        id: PointId,
        state: Option<PointState>,
        review: KeptReview,
    ) -> Reviewed {
        let mut points = current.known.points.iter_mut();
        let point = points.find(|point| point.id == id).map(|point| {
            if let Some(state) = state {
                point.state = state;
            }
            let known = self.points.find(&point.key);
            known.map(|known| known.point.point.clone()).unwrap_or_default()
        });
        Reviewed {
            point: point.unwrap_or_default(),
            due_on: review.due_on,
            today: current.today(),
            counts: self.counts(&current),
            outcome: Ok(review),
        }
    }

    fn declined(
        &self,
        current: &Current,
        point: &MemoryPoint,
        asked: &BankPoint<'_>,
        declined: Declined,
    ) -> Reviewed {
        Reviewed {
            point: asked.point.point.clone(),
            due_on: point.state.due_on,
            today: current.today(),
            counts: self.counts(current),
            outcome: Err(declined),
        }
    }
}

fn no_such_prompt(asked: &BankPoint<'_>) -> ServiceError {
    let mut violations = Violations::new();
    let fault = InvalidValue(format!("Prompt number must be from 1 to {}", asked.prompts.len()));
    violations.check::<()>("prompt_number", Err(fault));
    ServiceError::Validation(violations)
}

fn changed_all_the_time() -> ServiceError {
    ServiceError::internal("the memory changed during every attempt")
}
