//! Searching a candidate's own questions and answers.

use std::sync::Arc;

use crate::{
    domain::{
        api_key::Bearer,
        search::{Hit, SearchCursor, SearchQuery},
    },
    services::{Limit, ServiceResult, account_slots::AccountSlots, callers::live},
    storage::Store,
};

/// How many hits a page has by default.
const DEFAULT_PAGE: u32 = 20;
/// The most hits on a page; asking for more returns this many.
const LARGEST_PAGE: u32 = 100;

/// How many questions are read at a time if the database cannot decide which of them are hits.
/// Their texts are in memory together.
const AT_ONCE: u32 = 200;
/// How many times one call does this: after 10,000 questions, the caller asks for the next page.
const MOST_LOOKS: usize = 50;

/// The most searches that one process runs for an account at once: each may read all its answers.
const MOST_AT_ONCE: usize = 4;

/// The search's use case.
#[derive(Clone)]
pub struct Search {
    store: Arc<dyn Store>,
    slots: AccountSlots,
}

/// One page of hits.
#[derive(Debug, Clone)]
pub struct SearchPage {
    /// The hits, newest interview first.
    pub hits: Vec<Hit>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<SearchCursor>,
}

impl Search {
    /// Creates the use case.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, slots: AccountSlots::new(MOST_AT_ONCE, Limit::Searches) }
    }

    /// Returns the caller's questions with every word, beginning after `after`. A page size of 0
    /// means the default.
    ///
    /// The databases fold the case of different letters, and neither folds all. So they only search
    /// for the parts that folding ASCII decides, and the rest is checked here. For words in ASCII,
    /// or in a script without capitals, the database finds the page; for others, every question it
    /// cannot rule out is read.
    pub async fn find(
        &self,
        caller: Bearer,
        query: &SearchQuery,
        page_size: u32,
        after: Option<SearchCursor>,
    ) -> ServiceResult<SearchPage> {
        let _slot = self.slots.take(caller.user_id())?;
        let size = if page_size == 0 { DEFAULT_PAGE } else { page_size.min(LARGEST_PAGE) };
        let needles = query.needles();
        // One more than requested shows whether there is a next page.
        let at_once = if query.is_exact() { size + 1 } else { AT_ONCE };
        let mut page = SearchPage { hits: Vec::new(), next: after };
        let now = self.store.now().await?;
        for _ in 0..MOST_LOOKS {
            let found = self.store.search(caller, &needles, page.next, at_once).await?;
            let found = live(found)?;
            let is_end = found.len() < at_once as usize;
            for mut candidate in found {
                if page.hits.len() == size as usize {
                    return Ok(page);
                }
                page.next = Some(candidate.cursor());
                candidate.answer = candidate.answer.map(|answer| answer.told_at(now));
                page.hits.extend(Hit::of(candidate, query));
            }
            if is_end {
                return Ok(SearchPage { next: None, ..page });
            }
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        domain::{
            api_key::{KeyHolder, Scope, Scopes},
            id::{ApiKeyId, UserId},
        },
        services::ServiceError,
        storage::sqlite::{SqliteOptions, SqliteStore},
    };

    #[tokio::test]
    async fn an_account_may_run_a_few_searches_at_once_without_limiting_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("viva.db");
        let options = SqliteOptions { path, query_timeout: Duration::from_secs(5) };
        let search = Search::new(Arc::new(SqliteStore::open(options).await.unwrap()));
        let query = SearchQuery::parse("lock").unwrap();
        let find = async |user_id: UserId| {
            let (key_id, scopes) = (ApiKeyId::new(1), Scopes::of(Scope::ALL));
            let caller = Bearer::Key(KeyHolder { user_id, key_id, scopes });
            search.find(caller, &query, 0, None).await
        };
        let (ada, bob) = (UserId::new(1), UserId::new(2));
        let under_way: Vec<_> =
            (0..MOST_AT_ONCE).map(|_| search.slots.take(ada).unwrap()).collect();
        let refused = find(ada).await.unwrap_err();
        let limit = Limit::Searches(MOST_AT_ONCE);
        assert!(matches!(refused, ServiceError::RateLimited(found, _) if found == limit));
        assert!(find(bob).await.is_ok());
        drop(under_way);
        for _ in 0..=MOST_AT_ONCE {
            assert!(find(ada).await.is_ok(), "each releases its slot");
        }
    }
}
