//! What the built-in grader does for a caller that has left.

use std::sync::{Mutex, mpsc};

use futures::{future::join_all, poll};

use super::*;

/// Says when it is dropped.
struct Permit(mpsc::Sender<()>);

impl Drop for Permit {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[tokio::test]
async fn what_a_job_holds_is_kept_until_the_grader_is_done_with_it() {
    let evaluator = OfflineEvaluator::new();
    let (open, gate) = mpsc::channel::<()>();
    let gate = Arc::new(Mutex::new(gate));
    let all_threads = (0..available_parallelism().map_or(1, std::num::NonZero::get)).map(|_| {
        let gate = Arc::clone(&gate);
        Box::pin(evaluator.in_turn(move || drop(gate.lock().map(|gate| gate.recv()))))
    });
    let mut before: Vec<_> = all_threads.collect();
    for work in &mut before {
        assert!(poll!(work).is_pending());
    }
    let (permit, released) = mpsc::channel();
    let rubric = Rubric { reference: "So that it is found.".into(), ..Rubric::default() };
    let hold = Hold::of(Permit(permit));
    let mut graded = Box::pin(evaluator.findings(("Why?", &rubric), "So.", &hold));
    assert!(poll!(&mut graded).is_pending());
    drop(graded);
    drop(hold);
    assert_eq!(released.try_recv(), Err(mpsc::TryRecvError::Empty), "its work is not done");
    drop(open);
    join_all(before).await;
    let waited = tokio::task::spawn_blocking(move || released.recv());
    waited.await.unwrap().expect("it is released in the end");
}
