//! What each RPC costs the database: round trips to PostgreSQL, `BEGIN`, `COMMIT` and whatever a pool
//! asks among them, and what is handed over to a connection of SQLite: a statement that reads, or a
//! whole transaction that writes. A new RPC needs a line here.

use std::sync::Arc;

use serde_json::Value;
use viva_server::{
    app::AppSettings,
    domain::throttle::{DoorLimits, RequestLimits},
    storage::sqlite::{SqliteOptions, SqliteStore},
};
use viva_testing::statements::StatementCounter;

use crate::{
    api_keys::create,
    authorisation::table::{Row, TABLE, Things},
    bad_requests::raw,
    support::{PASSWORD, Person, QUERY_TIMEOUT, TestServer, scratch::with_database, settings},
};

/// Each RPC with what it costs on PostgreSQL and on SQLite, on connections that are made and have seen
/// its statements before.
const TRIPS: [(&str, u64, u64); 30] = [
    ("AuthService/Register", 4, 3),
    ("AuthService/Login", 3, 4),
    ("AuthService/Refresh", 8, 2),
    ("AuthService/Logout", 2, 2),
    ("AuthService/ChangePassword", 13, 7),
    ("AuthService/DeleteAccount", 13, 8),
    ("AuthService/ExportAccount", 13, 13),
    ("AuthService/GetMe", 1, 1),
    ("AuthService/CreateApiKey", 8, 2),
    ("AuthService/ListApiKeys", 2, 2),
    ("AuthService/RevokeApiKey", 5, 3),
    ("InterviewService/CreateInterview", 3, 3),
    ("InterviewService/GetInterview", 1, 1),
    ("InterviewService/ListInterviews", 1, 1),
    ("InterviewService/DeleteInterview", 8, 3),
    ("InterviewService/AddFollowUp", 1, 1),
    ("InterviewService/ListTemplates", 1, 1),
    ("InterviewService/PreviewInterview", 3, 3),
    ("InterviewService/SetQuestionMark", 8, 3),
    ("InterviewService/ListQuestionMarks", 2, 2),
    ("AnswerService/SubmitAnswer", 1, 1),
    ("AnswerService/GetAnswerStatus", 1, 1),
    ("AnswerService/WatchInterview", 1, 1),
    ("AnswerService/RetryEvaluation", 7, 2),
    ("ReportService/GetReport", 1, 1),
    ("ReportService/ExportReport", 1, 1),
    ("ReportService/GetProgress", 1, 1),
    ("ReportService/GetRubric", 2, 2),
    ("GradeService/GradeAnswer", 1, 1),
    ("GradeService/GradeAnswers", 2, 2),
];

/// A call is counted so often, and the least counts: what looks around by itself meanwhile only adds.
const TRIES: usize = 3;

/// What this server does not offer yet.
const NOT_YET: &str = "InterviewService/AddFollowUp";

/// What needs an answer that is evaluated.
const RUBRIC: &str = "ReportService/GetRubric";

/// What is a document of several messages; the cost of one of an interview is counted, to its end.
const EXPORT: &str = "AuthService/ExportAccount";

/// The server that is counted, and one beside it on the same database that makes things ready.
struct World {
    counted: TestServer,
    beside: TestServer,
}

impl World {
    /// A sound request about things of that person's.
    async fn message(&self, row: &Row, ada: &Person, number: usize) -> Value {
        let interview = ada.create("Backend engineer", 5).await;
        // A rubric is shown once an answer is evaluated, and only what has failed is tried again.
        let text = if row.rpc == RUBRIC { "Because it is kept sorted." } else { "[fail] this one" };
        let answer = ada.submit(&interview, 0, text).await.unwrap();
        ada.settled(interview.id).await;
        let mut things = Things {
            interview: interview.id,
            question: interview.questions[0].id,
            answer,
            api_key: 0,
            refresh_token: ada.session.refresh_token.clone(),
            name: format!("somebody-{number}"),
        };
        if row.rpc == "AuthService/RevokeApiKey" {
            things.api_key = create(ada, &[]).await.unwrap().api_key.unwrap().id;
        }
        (row.fill)(&things)
    }

    /// The fewest trips of some calls.
    async fn trips(&self, row: &Row, count: impl Fn() -> u64) -> u64 {
        let mut fewest = u64::MAX;
        for number in 0..TRIES {
            // A document is as long as what its account has.
            let caller = if row.spends_its_caller() || row.rpc == EXPORT {
                let name = format!("{}-{number}", row.rpc.split_once('/').unwrap().1);
                self.beside.sign_up(&name).await
            } else {
                self.beside.sign_in("ada", PASSWORD).await.unwrap()
            };
            let message = self.message(row, &caller, number).await;
            let credential = format!("Bearer {}", caller.session.access_token);
            let method = format!("viva.v1.{}", row.rpc);
            let channel = &self.counted.channel;
            let before = count();
            let credential = Some(credential.as_str());
            let reply = if row.rpc == EXPORT {
                raw::call_to_end(channel, &method, &message, credential).await
            } else {
                raw::call(channel, &method, &message, credential).await
            };
            fewest = fewest.min(count() - before);
            assert!(reply.is_ok() || row.rpc == NOT_YET, "{} {reply:?}", row.rpc);
        }
        fewest
    }
}

/// Serves and does nothing by itself. What is counted at the doors is counted.
fn serves_alone() -> AppSettings {
    AppSettings { worker: None, doors: DoorLimits::usual(), ..settings() }
}

/// What is not as the table says.
async fn differences(
    world: &World,
    of: fn(&(&str, u64, u64)) -> u64,
    count: impl Fn() -> u64,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in &TABLE {
        let Some(line) = TRIPS.iter().find(|(rpc, _, _)| *rpc == row.rpc) else {
            wrong.push(format!("{} has no line", row.rpc));
            continue;
        };
        let trips = world.trips(row, &count).await;
        if trips != of(line) {
            wrong.push(format!("{}: {trips}, not {}", row.rpc, of(line)));
        }
    }
    wrong
}

#[test]
fn every_rpc_has_a_line_and_no_other() {
    let mut lines: Vec<_> = TRIPS.iter().map(|(rpc, _, _)| *rpc).collect();
    let mut rpcs: Vec<_> = TABLE.iter().map(|row| row.rpc).collect();
    lines.sort_unstable();
    rpcs.sort_unstable();
    assert_eq!(lines, rpcs, "a line of server/tests/it/statements.rs for each RPC");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn postgres_is_asked_as_often_as_the_table_says() {
    with_database(async |url| {
        let (counter, by_counter) = StatementCounter::before_url(&url).await;
        let beside = TestServer::start_on(&url, settings()).await;
        beside.sign_up("ada").await;
        let counted = TestServer::start_on(&by_counter, serves_alone()).await;
        let world = World { counted, beside };
        let wrong = differences(&world, |(_, trips, _)| *trips, || counter.count()).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        world.counted.stop().await;
        world.beside.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_is_asked_as_often_as_the_table_says() {
    let beside = TestServer::start().await;
    beside.sign_up("ada").await;
    let path = beside.folder.path().join("viva.db");
    let options = SqliteOptions { path, query_timeout: QUERY_TIMEOUT };
    let store = Arc::new(SqliteStore::open(options).await.unwrap());
    let folder = tempfile::tempdir().unwrap();
    let limits = RequestLimits::default();
    let counted = TestServer::serve(folder, store.clone(), serves_alone(), None, limits).await;
    let world = World { counted, beside };
    let wrong = differences(&world, |(_, _, asked)| *asked, || store.times_asked()).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.counted.stop().await;
    world.beside.stop().await;
}
