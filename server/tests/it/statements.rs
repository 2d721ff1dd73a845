//! How many statements each RPC costs the database: round trips to PostgreSQL, `BEGIN`, `COMMIT` and
//! whatever a pool asks among them. A new RPC needs a line here.

use serde_json::Value;
use viva_server::{app::AppSettings, domain::throttle::DoorLimits};
use viva_testing::statements::StatementCounter;

use crate::{
    api_keys::create,
    authorisation::table::{Row, TABLE, Things},
    bad_requests::raw,
    support::{PASSWORD, Person, TestServer, scratch::with_database, settings},
};

/// Each RPC with the most round trips that it may take, on connections that are made and have seen the statement before.
const TRIPS: [(&str, u64); 26] = [
    ("AuthService/Register", 19),
    ("AuthService/Login", 51),
    ("AuthService/Refresh", 22),
    ("AuthService/Logout", 10),
    ("AuthService/ChangePassword", 58),
    ("AuthService/DeleteAccount", 60),
    ("AuthService/ExportAccount", 48),
    ("AuthService/GetMe", 9),
    ("AuthService/CreateApiKey", 14),
    ("AuthService/ListApiKeys", 7),
    ("AuthService/RevokeApiKey", 15),
    ("InterviewService/CreateInterview", 20),
    ("InterviewService/GetInterview", 9),
    ("InterviewService/ListInterviews", 9),
    ("InterviewService/DeleteInterview", 19),
    ("InterviewService/AddFollowUp", 3),
    ("InterviewService/ListTemplates", 3),
    ("AnswerService/SubmitAnswer", 31),
    ("AnswerService/GetAnswerStatus", 9),
    ("AnswerService/WatchInterview", 20),
    ("AnswerService/RetryEvaluation", 22),
    ("ReportService/GetReport", 13),
    ("ReportService/ExportReport", 15),
    ("ReportService/GetProgress", 9),
    ("GradeService/GradeAnswer", 4),
    ("GradeService/GradeAnswers", 8),
];

/// A call is counted so often, and the least counts: what looks around by itself meanwhile only adds.
const TRIES: usize = 3;

/// What this server does not offer yet.
const NOT_YET: &str = "InterviewService/AddFollowUp";

/// The server that is counted, and one beside it on the same database that makes things ready.
struct World {
    counted: TestServer,
    beside: TestServer,
}

impl World {
    /// A sound request about things of that person's.
    async fn message(&self, row: &Row, ada: &Person, number: usize) -> Value {
        let interview = ada.create("Backend engineer", 5).await;
        let answer = ada.submit(&interview, 0, "[fail] this one").await.unwrap();
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
            let caller = if row.spends_its_caller() {
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
            let reply = raw::call(channel, &method, &message, Some(&credential)).await;
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

/// What takes more than the table says.
async fn differences(world: &World, count: impl Fn() -> u64) -> Vec<String> {
    let mut wrong = Vec::new();
    for row in &TABLE {
        let line = TRIPS.iter().find(|(rpc, _)| *rpc == row.rpc);
        let Some((_, most)) = line else {
            wrong.push(format!("{} has no line", row.rpc));
            continue;
        };
        let trips = world.trips(row, &count).await;
        if trips > *most {
            wrong.push(format!("{}: {trips}, more than {most}", row.rpc));
        }
    }
    wrong
}

#[test]
fn every_rpc_has_a_line_and_no_other() {
    let mut lines: Vec<_> = TRIPS.iter().map(|(rpc, _)| *rpc).collect();
    let mut rpcs: Vec<_> = TABLE.iter().map(|row| row.rpc).collect();
    lines.sort_unstable();
    rpcs.sort_unstable();
    assert_eq!(lines, rpcs, "a line of server/tests/it/statements.rs for each RPC");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn postgres_is_asked_no_more_often_than_the_table_says() {
    with_database(async |url| {
        let (counter, by_counter) = StatementCounter::before_url(&url).await;
        let beside = TestServer::start_on(&url, settings()).await;
        beside.sign_up("ada").await;
        let counted = TestServer::start_on(&by_counter, serves_alone()).await;
        let world = World { counted, beside };
        let wrong = differences(&world, || counter.count()).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        world.counted.stop().await;
        world.beside.stop().await;
    })
    .await;
}
