//! What becomes of work that is stopped.

use std::path::Path;

use super::*;
use crate::paths;

/// How long a test waits in vain. Nothing depends on it but how long a failure takes.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_new_interview_that_is_waited_for_no_more_is_dropped_without_a_word() {
    let (sender, mut replies) = tokio::sync::mpsc::unbounded_channel();
    // Nothing is ever dialled, so what is asked for is never answered.
    let paths = paths::tests::below(Path::new("/nonexistent"));
    let drafts = DraftFolder::new(paths.drafts(None));
    let mut runner = Runner::new(None, None, None, None, paths, drafts, sender);
    runner.start(Effect::Create(Box::default()));
    runner.start(Effect::StopCreating);
    let ended = tokio::time::timeout(PATIENCE, runner.writes.join_next()).await;
    assert!(ended.is_ok_and(|work| work.is_some_and(|work| work.is_ok())));
    assert!(replies.try_recv().is_err(), "nobody waits for a reply");
}
