//! What waits for what, so that no decision rests on what is about to change.

use futures::FutureExt;
use sqlx::{AssertSqlSafe, Executor, PgConnection};

use super::{
    open,
    scratch::{connect, with_database},
};
use crate::{
    domain::timing::{Conditions, Mode},
    storage::{
        InterviewStore, Lifecycle,
        contract::world::{at, new_interview, user},
        interviews::Creation,
    },
};

/// Whether a connection to the database is waiting for another's transaction.
async fn somebody_waits(connection: &mut PgConnection) -> bool {
    let waiting = "SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let count: i64 = sqlx::query_scalar(waiting).fetch_one(connection).await.unwrap();
    count > 0
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn an_interview_does_not_end_while_a_follow_up_is_added_to_it() {
    with_database(async |url| {
        let store = open(&url).await.unwrap();
        let ada = user(&store, "ada").await;
        let mut new = new_interview(ada, 1);
        new.conditions = Conditions { mode: Mode::Real, minutes: 30, question_minutes: 5 };
        let made = store.create_interview(new).await.unwrap();
        let Creation::Created(made) = made else { panic!("{made:?}") };
        // Adding one locks the account first.
        let mut adding = connect(&url).await;
        let take = format!("BEGIN; SELECT 1 FROM users WHERE id = {ada} FOR NO KEY UPDATE");
        adding.execute(AssertSqlSafe(take)).await.unwrap();
        let mut ending = store.end_interview(ada, made.id, at(60)).boxed();
        let mut watching = connect(&url).await;
        while !somebody_waits(&mut watching).await {
            assert!(
                (&mut ending).now_or_never().is_none(),
                "the end does not wait for the follow-up"
            );
        }
        adding.execute("COMMIT").await.unwrap();
        assert_eq!(ending.await.unwrap(), Some(at(60)));
        store.close().await;
    })
    .await;
}
