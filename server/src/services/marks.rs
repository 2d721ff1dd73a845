//! A person's private marks on questions.

use std::sync::Arc;

use crate::{
    domain::{
        id::{MarkId, UserId},
        mark::{Mark, MarkChange, MarkTarget, MarkedQuestion, Wish},
    },
    services::{Resource, ServiceError, ServiceResult},
    storage::{Store, marks::Listed},
};

/// How many marks a page has by default.
const DEFAULT_PAGE: u32 = 20;
/// The most marks on a page; larger sizes are reduced to this.
const LARGEST_PAGE: u32 = 100;

/// The marks' use cases.
#[derive(Clone)]
pub struct Marks {
    store: Arc<dyn Store>,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct MarkPage {
    /// The marked questions, newest mark first.
    pub questions: Vec<MarkedQuestion>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<MarkId>,
}

impl Marks {
    /// Creates the use cases.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// Changes the caller's mark on one of their questions, and returns the changed mark.
    pub async fn set(
        &self,
        caller: UserId,
        target: MarkTarget,
        change: MarkChange,
    ) -> ServiceResult<Mark> {
        let missing = || ServiceError::NotFound(resource(target));
        let markable = self.store.markable(target).await?.ok_or_else(missing)?;
        if markable.owner != caller {
            return Err(ServiceError::AccessDenied);
        }
        if change.wish == Some(Wish::AgainSoon) && !markable.is_of_bank {
            return Err(ServiceError::NotOfBank);
        }
        let now = self.store.now().await?;
        self.store.set_mark(caller, target, change, now).await?.ok_or_else(missing)
    }

    /// Returns the caller's marked questions, newest mark first, beginning after `older_than`. A
    /// page size of 0 means the default.
    pub async fn list(
        &self,
        caller: UserId,
        page_size: u32,
        older_than: Option<MarkId>,
    ) -> ServiceResult<MarkPage> {
        let size = if page_size == 0 { DEFAULT_PAGE } else { page_size.min(LARGEST_PAGE) };
        // One more than requested shows whether there is a next page.
        let mut questions = self.store.marks(caller, Listed::Telling, older_than, size + 1).await?;
        let more = questions.len() > size as usize;
        questions.truncate(size as usize);
        let next = if more { questions.last().map(|last| last.mark.id) } else { None };
        Ok(MarkPage { questions, next })
    }
}

fn resource(target: MarkTarget) -> Resource {
    match target {
        MarkTarget::Question(_) => Resource::Question,
        MarkTarget::Mark(_) => Resource::Mark,
    }
}
