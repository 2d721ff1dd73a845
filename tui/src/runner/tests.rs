//! Work that is cancelled.

use std::path::Path;

use super::*;
use crate::paths;

/// How long a test waits at most. It only determines how long a failure takes.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_cancelled_request_for_a_new_interview_sends_no_reply() {
    let (sender, mut replies) = tokio::sync::mpsc::unbounded_channel();
    // Nothing is ever dialled, so requests are never answered.
    let paths = paths::tests::below(Path::new("/nonexistent"));
    let drafts = DraftFolder::new(paths.drafts(None));
    let mut runner = Runner::new(None, None, None, None, paths, drafts, sender);
    runner.start(Effect::Create(Box::default()));
    runner.start(Effect::StopCreating);
    let ended = tokio::time::timeout(PATIENCE, runner.writes.join_next()).await;
    assert!(ended.is_ok_and(|work| work.is_some_and(|work| work.is_ok())));
    assert!(replies.try_recv().is_err(), "a cancelled request has no reply");
}
