//! What each RPC costs the database. On PostgreSQL this counts round trips, including `BEGIN`,
//! `COMMIT` and a pool's own; on SQLite, each job given to a connection: a statement that reads, or
//! a whole transaction that writes. A new RPC needs a line here.

use std::sync::Arc;

use serde_json::{Value, json};
use viva_server::{
    domain::throttle::{RequestLimits, SignInRates},
    startup::app::AppSettings,
    storage::{
        postgres::{PostgresOptions, PostgresStore, PostgresUrl},
        sqlite::{SqliteOptions, SqliteStore},
    },
};
use viva_testing::statements::StatementCounter;

use crate::{
    api_keys::create,
    authorisation::table::{Row, TABLE, Things},
    bad_requests::raw,
    memory,
    real_mode::real,
    support::{PASSWORD, Person, QUERY_TIMEOUT, TestServer, scratch::with_database, settings},
};

/// Each RPC with its cost on PostgreSQL and on SQLite, on existing connections that have prepared
/// its statements, in a process that knows the database's time.
const TRIPS: [(&str, u64, u64); 48] = [
    ("AuthService/Register", 4, 3),
    ("AuthService/Login", 3, 4),
    ("AuthService/Refresh", 8, 2),
    ("AuthService/Logout", 2, 2),
    ("AuthService/ListSessions", 1, 1),
    ("AuthService/EndSession", 3, 3),
    ("AuthService/EndOtherSessions", 5, 2),
    ("AuthService/ChangePassword", 13, 7),
    ("AuthService/DeleteAccount", 13, 8),
    ("AuthService/ExportAccount", 15, 15),
    ("AuthService/GetMe", 1, 1),
    ("AuthService/SetTimeZone", 2, 2),
    ("AuthService/CreateApiKey", 8, 2),
    ("AuthService/ListApiKeys", 2, 2),
    ("AuthService/RevokeApiKey", 5, 3),
    ("InterviewService/CreateInterview", 3, 3),
    ("InterviewService/GetInterview", 1, 1),
    ("InterviewService/ListInterviews", 1, 1),
    ("InterviewService/EndInterview", 6, 2),
    ("InterviewService/DeleteInterview", 8, 3),
    ("InterviewService/AddFollowUp", 10, 2),
    ("InterviewService/GetHint", 4, 2),
    ("InterviewService/RevealQuestion", 20, 4),
    ("InterviewService/ListTemplates", 1, 1),
    ("InterviewService/PreviewInterview", 3, 3),
    ("InterviewService/SetQuestionMark", 8, 3),
    ("InterviewService/ListQuestionMarks", 2, 2),
    ("AnswerService/SubmitAnswer", 1, 1),
    ("AnswerService/GetAnswerStatus", 1, 1),
    ("AnswerService/WatchInterview", 1, 1),
    ("AnswerService/RetryEvaluation", 7, 2),
    ("AnswerService/SearchAnswers", 1, 1),
    ("AnswerService/ChallengePoint", 8, 3),
    ("AnswerService/AssessPoint", 7, 3),
    ("ReportService/GetReport", 1, 1),
    ("ReportService/ExportReport", 1, 1),
    ("ReportService/GetProgress", 1, 1),
    ("ReportService/GetRubric", 2, 2),
    ("ReportService/CompareAttempts", 1, 1),
    ("MemoryService/GetMemory", 1, 1),
    ("MemoryService/ListReviews", 1, 1),
    ("MemoryService/SubmitReview", 6, 2),
    ("MemoryService/PostponeReview", 5, 2),
    ("MemoryService/ForgetPoint", 5, 2),
    ("GradeService/GradeAnswer", 1, 1),
    ("GradeService/GradeAnswers", 2, 2),
    ("ServerService/GetServerInfo", 0, 0),
    ("ServerService/GetUsage", 1, 1),
];

/// Each call is counted this often and the lowest count is taken: background work only adds.
const TRIES: usize = 3;

/// RPCs that need an evaluated answer.
const EVALUATED: [&str; 4] = [
    "ReportService/GetRubric",
    "InterviewService/AddFollowUp",
    "AnswerService/ChallengePoint",
    "AnswerService/AssessPoint",
];

/// An RPC that needs two of them.
const COMPARISON: &str = "ReportService/CompareAttempts";

/// An RPC that needs an interview in real mode.
const END: &str = "InterviewService/EndInterview";

/// An RPC that streams a document; the cost of a document with one interview is counted to its end.
const EXPORT: &str = "AuthService/ExportAccount";

/// The server that is counted, and a second one on the same database that prepares the data.
struct World {
    counted: TestServer,
    beside: TestServer,
}

impl World {
    /// A valid request about this person's data.
    async fn message(&self, row: &Row, ada: &Person, number: usize) -> Value {
        let interview = ada.create("Backend engineer", 5).await;
        // Only a failed evaluation can be retried.
        let text =
            if EVALUATED.contains(&row.rpc) { "I would measure first." } else { "[fail] this one" };
        let answer = ada.submit(&interview, 0, text).await.unwrap();
        ada.settled(interview.id).await;
        if row.rpc == COMPARISON {
            for _ in 0..2 {
                ada.submit(&interview, 0, "I would measure first.").await.unwrap();
                ada.settled(interview.id).await;
            }
        }
        let mut things = Things {
            interview: if row.rpc == END { real(ada, 5).await.id } else { interview.id },
            question: interview.questions[0].id,
            answer,
            api_key: 0,
            point: 0,
            session: 0,
            refresh_token: ada.session.refresh_token.clone(),
            name: format!("somebody-{number}"),
        };
        if row.is_of_a_point() {
            things.point = memory::a_point(ada).await;
        }
        if row.rpc == "AuthService/RevokeApiKey" {
            things.api_key = create(ada, &[]).await.unwrap().api_key.unwrap().id;
        } else if row.rpc == "AuthService/EndSession" {
            let other = self.beside.sign_in("ada", PASSWORD).await.unwrap();
            things.session = other.current_session().await.id;
        }
        (row.fill)(&things)
    }

    /// The lowest number of trips of several calls.
    async fn trips(&self, row: &Row, count: impl Fn() -> u64) -> u64 {
        let mut fewest = u64::MAX;
        for number in 0..TRIES {
            // A document is as long as its account's data.
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
            let credential = Some(credential.as_str());
            // A server that has not asked its database for the time lately does so first.
            raw::call(channel, "viva.v1.AuthService/GetMe", &json!({}), credential).await.unwrap();
            let before = count();
            let reply = if row.rpc == EXPORT {
                raw::call_to_end(channel, &method, &message, credential).await
            } else {
                raw::call(channel, &method, &message, credential).await
            };
            fewest = fewest.min(count() - before);
            assert!(reply.is_ok(), "{} {reply:?}", row.rpc);
        }
        fewest
    }
}

/// Settings of a server without background work. Sign-in attempts are counted as usual.
fn serves_alone() -> AppSettings {
    AppSettings { worker: None, sign_in_limits: SignInRates::usual(), ..settings() }
}

/// The RPCs whose cost differs from the table.
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
fn the_table_has_exactly_the_rpcs() {
    let mut lines: Vec<_> = TRIPS.iter().map(|(rpc, _, _)| *rpc).collect();
    let mut rpcs: Vec<_> = TABLE.iter().map(|row| row.rpc).collect();
    lines.sort_unstable();
    rpcs.sort_unstable();
    assert_eq!(lines, rpcs, "a line of server/tests/it/statements.rs for each RPC");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn postgres_is_called_as_often_as_the_table_says() {
    with_database(async |url| {
        let (counter, by_counter) = StatementCounter::before_url(&url).await;
        let beside = TestServer::start_on(&url, settings()).await;
        beside.sign_up("ada").await;
        // One connection that reads and one that writes, so each soon has every statement prepared.
        let url = PostgresUrl::parse(&by_counter).unwrap();
        let options = PostgresOptions { url, pool_size: 2, query_timeout: QUERY_TIMEOUT };
        let store = Arc::new(PostgresStore::open(options).await.unwrap());
        let (folder, limits) = (tempfile::tempdir().unwrap(), RequestLimits::default());
        let counted = TestServer::serve(folder, store, serves_alone(), None, limits).await;
        let world = World { counted, beside };
        let wrong = differences(&world, |(_, trips, _)| *trips, || counter.count()).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        world.counted.stop().await;
        world.beside.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_is_called_as_often_as_the_table_says() {
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
