//! Processes that die: F01, F03, F04, F05.

use std::{sync::Arc, time::Duration};

use nix::sys::signal::Signal;

use crate::support::{
    in_time,
    ledger::Ledger,
    people::{Person, practise},
    program::{Place, Plan},
    scale,
    state::Reader,
};

/// F01: kill -9 at random moments of a run, and start again at once.
async fn killed_at_random(place: Place) {
    let kills = scale(12, 200);
    let plan = Plan::serve(&place);
    let mut program = plan.start();
    let ledger = Arc::new(Ledger::new(place.folder.path()));
    let reader = Reader::open(&place).await;
    let urls = vec![plan.url()];
    let people = tokio::spawn({
        let ledger = Arc::clone(&ledger);
        async move { practise(&urls, 8, scale(400, 2000), &ledger).await }
    });
    let mut before = Vec::new();
    for _ in 0..kills {
        let moment = Duration::from_millis(20 + rand::random::<u64>() % 300);
        tokio::time::sleep(moment).await;
        program.kill();
        before = reader.stored().await;
        program = plan.start();
    }
    in_time("the people", people).await.unwrap();
    reader.check(&ledger, &before).await;
    drop(program);
}

/// F02: the process ends at each point of a submit and of its evaluation; the client tries again under
/// its key with the server that is started next.
async fn ended_at(place: Place, point: &str) {
    let plan = Plan::serve(&place);
    let (ledger, reader) = (Ledger::new(place.folder.path()), {
        plan.start().kill();
        Reader::open(&place).await
    });
    let mut program = plan.clone().with("VIVA_FAIL_POINT", point).start();
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let question = ada.questions("fail points").await[0];
    let submit = ada.submit(question, "An answer that meets its end on the way.", point, &ledger);
    let restart = async {
        in_time(point, async {
            while !program.has_ended() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        plan.start()
    };
    let (_, _program) = in_time(point, async { tokio::join!(submit, restart) }).await;
    let stored = reader.check(&ledger, &[]).await;
    assert_eq!(stored.len(), 1, "I7 at {point}");
}

/// Every point that there is.
const POINTS: [&str; 7] = [
    "answer inserted",
    "evaluation inserted",
    "submit committed",
    "claimed",
    "graded",
    "outcome written",
    "outcome committed",
];

#[tokio::test(flavor = "multi_thread")]
async fn f02_sqlite_an_end_at_any_point_tears_nothing() {
    for point in POINTS {
        ended_at(Place::sqlite(), point).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f02_postgres_an_end_at_any_point_tears_nothing() {
    for point in POINTS {
        ended_at(Place::postgres().await, point).await;
    }
}

/// F03: two servers on one database; one is killed half-way and comes back.
async fn one_of_two_is_killed(place: Place) {
    let (one, other) = (Plan::serve(&place), Plan::serve(&place));
    let (_first, second) = (one.start(), other.start());
    let ledger = Arc::new(Ledger::new(place.folder.path()));
    let reader = Reader::open(&place).await;
    let (urls, answers) = (vec![one.url(), other.url()], scale(600, 10_000));
    let people = tokio::spawn({
        let ledger = Arc::clone(&ledger);
        async move { practise(&urls, 8, answers, &ledger).await }
    });
    in_time("half of it", async {
        while ledger.len() < answers / 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    second.kill();
    let before = reader.stored().await;
    let _second = other.start();
    in_time("the people", people).await.unwrap();
    let stored = reader.check(&ledger, &before).await;
    assert!(stored.len() >= answers);
}

/// F04: a process that is stopped for longer than its lease, and then goes on.
async fn stopped_past_its_lease(place: Place) {
    let (one, other) = (Plan::serve(&place), Plan::serve(&place));
    let (sleeper, _awake) = (one.start(), other.start());
    let ledger = Arc::new(Ledger::new(place.folder.path()));
    let reader = Reader::open(&place).await;
    let urls = vec![other.url()];
    for _ in 0..scale(3, 20) {
        let people = tokio::spawn({
            let (urls, ledger) = (urls.clone(), Arc::clone(&ledger));
            let number = ledger.len();
            async move {
                let person = Person::sign_up(&urls, &format!("sleeper{number}")).await;
                let questions = person.questions("one").await;
                for (at, question) in questions.into_iter().enumerate() {
                    let key = format!("sleeper{number}-{at}");
                    person.submit(question, "Something that is long enough.", &key, &ledger).await;
                }
            }
        });
        sleeper.signal(Signal::SIGSTOP);
        in_time("the people", people).await.unwrap();
        let before = reader.settled().await;
        sleeper.signal(Signal::SIGCONT);
        // What it still had in its hands, it now tries to write.
        tokio::time::sleep(Duration::from_millis(300)).await;
        reader.check(&ledger, &before).await;
    }
}

/// Two servers without workers and two workers on one database; one of each is killed half-way and
/// comes back.
async fn one_of_each_is_killed(place: Place) {
    let servers = [Plan::serve_alone(&place), Plan::serve_alone(&place)];
    let workers = [Plan::worker(&place), Plan::worker(&place)];
    let (_server, server) = (servers[0].start(), servers[1].start());
    let (_worker, worker) = (workers[0].start(), workers[1].start());
    let ledger = Arc::new(Ledger::new(place.folder.path()));
    let reader = Reader::open(&place).await;
    let (urls, answers) = (servers.each_ref().map(Plan::url).to_vec(), scale(600, 10_000));
    let people = tokio::spawn({
        let ledger = Arc::clone(&ledger);
        async move { practise(&urls, 8, answers, &ledger).await }
    });
    in_time("half of it", async {
        while ledger.len() < answers / 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    server.kill();
    worker.kill();
    let before = reader.stored().await;
    let _again = (servers[1].start(), workers[1].start());
    in_time("the people", people).await.unwrap();
    let stored = reader.check(&ledger, &before).await;
    assert!(stored.len() >= answers);
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f03_postgres_of_two_servers_and_two_workers_one_each_may_be_killed() {
    one_of_each_is_killed(Place::postgres().await).await;
}

#[tokio::test]
async fn f01_sqlite_a_server_that_is_killed_at_any_moment_loses_nothing() {
    killed_at_random(Place::sqlite()).await;
}

/// F05 asks whether a second process on one SQLite file works or is refused: it works.
#[tokio::test]
async fn f03_f05_sqlite_two_servers_share_a_file_and_one_may_be_killed() {
    let place = Place::sqlite();
    let file = place.folder.path().join("viva.db");
    let kept = std::fs::File::open(place.folder.path()).unwrap();
    one_of_two_is_killed(place).await;
    drop((file, kept));
}

#[tokio::test]
async fn f04_sqlite_a_server_that_wakes_late_writes_nothing() {
    stopped_past_its_lease(Place::sqlite()).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f01_postgres_a_server_that_is_killed_at_any_moment_loses_nothing() {
    killed_at_random(Place::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f03_postgres_two_servers_share_a_queue_and_one_may_be_killed() {
    one_of_two_is_killed(Place::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f04_postgres_a_server_that_wakes_late_writes_nothing() {
    stopped_past_its_lease(Place::postgres().await).await;
}
