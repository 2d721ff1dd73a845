//! A test that would take an hour through the network.

use std::sync::Arc;

use async_trait::async_trait;

use super::*;
use crate::{
    evaluation::{EvaluationResult, Evaluator},
    services::grading::tests::{World, task},
    storage::queue::Job,
};

/// A grader that never finishes.
struct Endless;

#[async_trait]
impl Evaluator for Endless {
    async fn evaluate(&self, _: &Job) -> EvaluationResult {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_batch_ends_when_its_time_is_up_and_releases_its_slot() {
    let World { grading, caller, _folder } = World::with(Arc::new(Endless)).await;
    let item = Item { id: "one".into(), task: Ok(task()) };
    // One after another, and more of them than may be open at once.
    for _ in 0..10 {
        let batch = grading.grade_within(Duration::from_millis(1), caller, vec![item.clone()]);
        let mut outcomes = batch.unwrap();
        let end = outcomes.recv().await;
        assert!(matches!(end, Some(Err(ServiceError::Timeout(_)))), "{end:?}");
        assert!(outcomes.recv().await.is_none());
    }
}
