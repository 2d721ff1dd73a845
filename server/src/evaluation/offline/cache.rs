//! Questions prepared for the built-in grader, kept for the next answer to the same question.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use viva_grader::Prepared;

use super::bank_topics;
use crate::domain::question::Rubric;

/// The most bytes of questions kept: some 250 of the bank's. Prepared, they take fifty times as much.
const MOST_BYTES: usize = 1024 * 1024;

/// A question with more bytes is not kept: a caller of GradeService may bring a rubric that fills a
/// whole message.
const LARGEST: usize = 64 * 1024;

/// The cache of prepared questions.
#[derive(Default)]
pub(super) struct Cache(Mutex<CachedRubric>);

#[derive(Default)]
struct CachedRubric {
    prepared: HashMap<String, Arc<Prepared>>,
    bytes: usize,
}

impl Cache {
    /// The prepared question, from the cache or prepared now. Preparing blocks this thread, and no
    /// other.
    pub(super) fn prepared(&self, question: &str, rubric: &Rubric) -> Arc<Prepared> {
        // Two interviews may ask the same text with different rubrics, so both are the key.
        let key = format!("{question}\n{rubric:?}");
        if let Some(known) = self.kept(|kept| kept.prepared.get(&key).cloned()) {
            return known;
        }
        let prepared = Arc::new(bank_topics::prepare(question, rubric));
        if key.len() <= LARGEST {
            self.kept(|kept| kept.keep(key, Arc::clone(&prepared)));
        }
        prepared
    }

    fn kept<T>(&self, with: impl FnOnce(&mut CachedRubric) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl CachedRubric {
    fn keep(&mut self, key: String, prepared: Arc<Prepared>) {
        if self.bytes + key.len() > MOST_BYTES {
            self.prepared.clear();
            self.bytes = 0;
        }
        let bytes = key.len();
        if self.prepared.insert(key, prepared).is_none() {
            self.bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rubric(reference: &str) -> Rubric {
        Rubric { reference: reference.into(), ..Rubric::default() }
    }

    fn kept(cache: &Cache) -> (usize, usize) {
        cache.kept(|kept| (kept.prepared.len(), kept.bytes))
    }

    #[test]
    fn a_question_is_prepared_once_and_again_for_another_rubric() {
        let cache = Cache::default();
        let one = cache.prepared("Why?", &rubric("Because of it."));
        assert!(Arc::ptr_eq(&one, &cache.prepared("Why?", &rubric("Because of it."))));
        assert!(!Arc::ptr_eq(&one, &cache.prepared("Why?", &rubric("For no reason."))));
        assert_eq!(kept(&cache).0, 2);
    }

    #[test]
    fn the_cache_is_bounded_in_bytes() {
        let cache = Cache::default();
        cache.prepared("Why?", &rubric(&"x".repeat(LARGEST)));
        assert_eq!(kept(&cache), (0, 0), "too large to be kept");
        for number in 0..40 {
            let reference = format!("{number}{}", "x".repeat(LARGEST / 2));
            cache.prepared("Why?", &rubric(&reference));
            assert!(kept(&cache).1 <= MOST_BYTES);
        }
        assert!((1..=32).contains(&kept(&cache).0));
    }
}
