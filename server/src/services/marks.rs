//! What people note of questions for themselves.

use std::sync::Arc;

use crate::{
    domain::{
        id::{MarkId, UserId},
        mark::{Mark, MarkChange, MarkTarget, MarkedQuestion, Wish},
    },
    services::{ServiceError, ServiceResult, Thing},
    storage::{Store, marks::Listed},
};

/// Marks on a page when the caller does not say.
const DEFAULT_PAGE: u32 = 20;
/// The most marks on a page; whoever asks for more gets these.
const LARGEST_PAGE: u32 = 100;

/// The marks' use cases.
#[derive(Clone)]
pub struct Marks {
    store: Arc<dyn Store>,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct MarkPage {
    /// The newest mark first.
    pub questions: Vec<MarkedQuestion>,
    /// Where the next page begins; none after the last.
    pub next: Option<MarkId>,
}

impl Marks {
    /// Puts the use cases together.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store }
    }

    /// Changes what the caller has noted of a question of theirs, and gives it as it is then.
    pub async fn set(
        &self,
        caller: UserId,
        target: MarkTarget,
        change: MarkChange,
    ) -> ServiceResult<Mark> {
        let missing = || ServiceError::NotFound(thing(target));
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

    /// The caller's marked questions, the newest mark first, from `older_than` on. A page size of 0
    /// is the default's.
    pub async fn list(
        &self,
        caller: UserId,
        page_size: u32,
        older_than: Option<MarkId>,
    ) -> ServiceResult<MarkPage> {
        let size = if page_size == 0 { DEFAULT_PAGE } else { page_size.min(LARGEST_PAGE) };
        // One more than asked for tells whether there is a next page.
        let mut questions = self.store.marks(caller, Listed::Telling, older_than, size + 1).await?;
        let more = questions.len() > size as usize;
        questions.truncate(size as usize);
        let next = if more { questions.last().map(|last| last.mark.id) } else { None };
        Ok(MarkPage { questions, next })
    }
}

fn thing(target: MarkTarget) -> Thing {
    match target {
        MarkTarget::Question(_) => Thing::Question,
        MarkTarget::Mark(_) => Thing::Mark,
    }
}
