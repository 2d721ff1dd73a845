//! Spaced review: points of the bank come back before they are forgotten.

mod entering;

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tonic::{Code, Status};
use viva_proto::v1::{
    self, FailureCode, ListReviewsRequest, ListReviewsResponse, Review, ReviewMode, ReviewRating,
    ReviewReason, SubmitReviewRequest, SubmitReviewResponse,
};
use viva_server::{
    domain::{
        clock::{Clock, SystemClock, Timestamp},
        throttle::RequestLimits,
    },
    storage::sqlite::{SqliteOptions, SqliteStore},
};

use crate::support::{Person, QUERY_TIMEOUT, TestServer, fields, reason, settings};

/// An answer that makes no point of any question.
const EMPTY_HANDED: &str = "I do not know that one.";

/// The system clock, shifted by a number of days.
#[derive(Default)]
struct Later(AtomicU64);

impl Later {
    fn wait(&self, days: u64) {
        self.0.fetch_add(days, Ordering::Relaxed);
    }
}

impl Clock for Later {
    fn now(&self) -> Timestamp {
        SystemClock.now().after(Duration::from_hours(24 * self.0.load(Ordering::Relaxed)))
    }
}

/// A server on which days pass when the test says so.
async fn server() -> (TestServer, Arc<Later>) {
    let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(Later::default()));
    let path = folder.path().join("viva.db");
    let options = SqliteOptions { path, query_timeout: QUERY_TIMEOUT };
    let store = SqliteStore::open(options).await.unwrap().with_clock(clock.clone());
    let limits = RequestLimits::default();
    (TestServer::serve(folder, Arc::new(store), settings(), None, limits).await, clock)
}

/// The overview of an account's memory.
pub(crate) async fn overview(person: &Person) -> v1::GetMemoryResponse {
    let request = person.ask(v1::GetMemoryRequest::default());
    person.memory().get_memory(request).await.unwrap().into_inner()
}

async fn list(person: &Person, mode: ReviewMode, more: bool) -> ListReviewsResponse {
    let request = ListReviewsRequest { mode: mode.into(), more, ..Default::default() };
    person.memory().list_reviews(person.ask(request)).await.unwrap().into_inner()
}

async fn due(person: &Person) -> Vec<Review> {
    list(person, ReviewMode::Due, false).await.reviews
}

async fn submit(
    person: &Person,
    request: SubmitReviewRequest,
) -> Result<SubmitReviewResponse, Status> {
    Ok(person.memory().submit_review(person.ask(request)).await?.into_inner())
}

/// Answers a review.
pub(crate) async fn answered(person: &Person, point_id: i64, text: &str) -> SubmitReviewResponse {
    let answer_text = text.to_owned();
    let request = SubmitReviewRequest { point_id, answer_text, ..Default::default() };
    submit(person, request).await.unwrap()
}

/// Puts missed points into an account's memory and returns one of them.
pub(crate) async fn a_point(person: &Person) -> i64 {
    missed(person, 1).await;
    list(person, ReviewMode::Drill, false).await.reviews[0].point_id
}

/// An evaluated interview whose answers make no point.
async fn missed(person: &Person, questions: i32) -> v1::Interview {
    let interview = person.create("Backend engineer", questions).await;
    for question in 0..interview.questions.len() {
        person.submit(&interview, question, EMPTY_HANDED).await.unwrap();
    }
    person.settled(interview.id).await;
    interview
}

#[tokio::test]
async fn a_missed_point_comes_back_tomorrow_and_a_made_one_later_each_time() {
    let (server, clock) = server().await;
    let ada = server.sign_up("ada").await;
    let interview = missed(&ada, 1).await;
    let counts = overview(&ada).await.counts.unwrap();
    assert!(counts.points > 2 && counts.due == 0, "{counts:?}");
    assert!(due(&ada).await.is_empty(), "nothing is due on the day itself");
    clock.wait(1);
    let later = overview(&ada).await;
    assert_eq!(counts.next_due_day, later.today);
    assert_eq!(later.counts.clone().unwrap().due, counts.points);
    assert_eq!((later.topics.len(), later.topics[0].points), (1, counts.points));
    assert!(later.topics[0].strength.unwrap() < 0.9, "{later:?}");

    let reviews = due(&ada).await;
    assert_eq!(reviews.len(), usize::try_from(counts.points).unwrap());
    let asked = &reviews[0];
    assert_eq!(asked.reason(), ReviewReason::Due);
    assert_eq!((asked.question_id, asked.ratings), (interview.questions[0].id, 1));
    assert_eq!((&asked.question, asked.prompt_number), (&interview.questions[0].text, 1));
    assert!(asked.recall.unwrap() < 0.9 && !asked.topic_title.is_empty(), "{asked:?}");
    // No missed point is given away. An answer of "I don't know" shows the point.
    let shown = answered(&ada, asked.point_id, " ").await;
    assert_eq!((shown.rating(), shown.due_in_days), (ReviewRating::Again, 1));
    assert_eq!(shown.coverage, Some(0.0), "a value of 0 is present");
    assert!(!shown.point.is_empty() && !asked.prompt.contains(&shown.point));
    assert_eq!(shown.counts.unwrap().left_today, counts.points - 1);

    let (mut prompts, mut intervals) = (vec![asked.prompt.clone()], vec![shown.due_in_days]);
    for _ in 0..4 {
        clock.wait(u64::try_from(*intervals.last().unwrap()).unwrap());
        let found = list(&ada, ReviewMode::Due, true).await.reviews;
        let again = found.iter().find(|review| review.point_id == asked.point_id).unwrap();
        prompts.push(again.prompt.clone());
        let said = answered(&ada, asked.point_id, &shown.point).await;
        assert_eq!((said.rating(), said.coverage), (ReviewRating::Good, Some(1.0)), "{said:?}");
        assert!(shown.point.contains(&said.evidence) && !said.evidence.is_empty());
        intervals.push(said.due_in_days);
    }
    assert!(prompts.windows(2).all(|pair| pair[0] != pair[1]), "{prompts:?}");
    assert!(intervals.is_sorted() && intervals[4] > 5, "{intervals:?}");
}

#[tokio::test]
async fn a_day_has_a_limit_and_gives_more_on_request() {
    let (server, clock) = server().await;
    let ada = server.sign_up("ada").await;
    missed(&ada, 10).await;
    overview(&ada).await;
    clock.wait(3);
    let today = list(&ada, ReviewMode::Due, false).await;
    let counts = today.counts.unwrap();
    assert!(counts.due > 30, "{counts:?}");
    assert_eq!((today.reviews.len(), counts.left_today, counts.daily_limit), (20, 20, 20));
    let ids: HashSet<_> = today.reviews.iter().map(|review| review.point_id).collect();
    assert_eq!(ids.len(), 20);
    for review in &today.reviews {
        answered(&ada, review.point_id, "").await;
    }
    let done = list(&ada, ReviewMode::Due, false).await;
    let left = done.counts.unwrap();
    assert_eq!((done.reviews.len(), left.left_today, left.done_today), (0, 0, 20));
    assert_eq!(left.due, counts.due - 20);
    let more = list(&ada, ReviewMode::Due, true).await.reviews;
    assert!(!more.is_empty() && more.iter().all(|review| !ids.contains(&review.point_id)));
    clock.wait(1);
    assert_eq!(due(&ada).await.len(), 20, "the next day has its own limit");
}

#[tokio::test]
async fn a_drill_is_two_due_points_two_weak_ones_and_a_strong_one() {
    let (server, clock) = server().await;
    let ada = server.sign_up("ada").await;
    missed(&ada, 2).await;
    overview(&ada).await;
    clock.wait(1);
    let reviews = list(&ada, ReviewMode::Due, false).await.reviews;
    // All but two are answered, one of them well.
    for review in &reviews[3..] {
        answered(&ada, review.point_id, "").await;
    }
    let strong = reviews[2].point_id;
    let point = answered(&ada, strong, "").await.point;
    answered(&ada, strong, &point).await;
    let drill = list(&ada, ReviewMode::Drill, false).await.reviews;
    let reasons: Vec<_> = drill.iter().map(Review::reason).collect();
    let [due, weak] = [ReviewReason::Due, ReviewReason::Weak];
    assert_eq!(reasons, [due, due, weak, weak, ReviewReason::Strong]);
    assert_eq!(drill[4].point_id, strong);
    assert_eq!(drill.iter().map(|one| one.point_id).collect::<HashSet<i64>>().len(), 5);
}

#[tokio::test]
async fn an_answer_that_is_sent_twice_counts_once() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.sign_up("ada").await, server.sign_up("eve").await);
    let point_id = a_point(&ada).await;
    let request = SubmitReviewRequest {
        point_id,
        answer_text: "I do not know, it has something to do with time.".into(),
        idempotency_key: "k".into(),
        time_zone: "Europe/Berlin".into(),
        ..Default::default()
    };
    let first = submit(&ada, request.clone()).await.unwrap();
    let again = submit(&ada, request.clone()).await.unwrap();
    assert_eq!(again, first);
    let other = SubmitReviewRequest { answer_text: "Another.".into(), ..request.clone() };
    assert_eq!(reason(&submit(&ada, other).await.unwrap_err()), "IDEMPOTENCY_KEY_REUSED");
    let drill = list(&ada, ReviewMode::Drill, false).await.reviews;
    let ratings = drill.iter().find(|one| one.point_id == point_id).map(|one| one.ratings);
    assert_eq!(ratings, Some(2), "an evaluation and a review");
    let denied = submit(&eve, request).await.unwrap_err();
    assert_eq!((denied.code(), reason(&denied)), (Code::PermissionDenied, "ACCESS_DENIED".into()));
}

#[tokio::test]
async fn a_declined_answer_changes_nothing() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let point_id = a_point(&ada).await;
    let german = "Das weiß ich leider nicht mehr genau, aber ich würde zuerst einmal nachsehen, was \
                  die Anwendung eigentlich macht, und dann die Stelle suchen.";
    let declined = answered(&ada, point_id, german).await;
    assert_eq!(declined.failure_code(), FailureCode::LanguageNotSupported);
    assert_eq!((declined.rating(), declined.point.as_str()), (ReviewRating::Unspecified, ""));
    assert_eq!(declined.coverage, None);
    assert!(!declined.failure_reason.is_empty());
    assert_eq!(declined.counts.unwrap().done_today, 0);
}

#[tokio::test]
async fn a_point_is_postponed_forgotten_and_restored() {
    let (server, clock) = server().await;
    let ada = server.sign_up("ada").await;
    missed(&ada, 1).await;
    overview(&ada).await;
    clock.wait(1);
    let all = due(&ada).await;
    let (late, gone) = (all[0].point_id, all[1].point_id);
    let put_off = |days| v1::PostponeReviewRequest { point_id: late, days, ..Default::default() };
    let moved = ada.memory().postpone_review(ada.ask(put_off(7))).await.unwrap().into_inner();
    let same = ada.memory().postpone_review(ada.ask(put_off(1))).await.unwrap().into_inner();
    assert_eq!(same, moved, "a review is never brought forward");
    let forget = |undo| ada.ask(v1::ForgetPointRequest { point_id: gone, undo });
    for _ in 0..2 {
        ada.memory().forget_point(forget(false)).await.unwrap();
    }
    let left: Vec<_> = due(&ada).await.iter().map(|review| review.point_id).collect();
    assert_eq!(left.len(), all.len() - 2);
    assert!(!left.contains(&late) && !left.contains(&gone));
    // Later answers do not bring it back.
    missed(&ada, 1).await;
    clock.wait(7);
    let left: Vec<_> = due(&ada).await.iter().map(|review| review.point_id).collect();
    assert!(left.contains(&late) && !left.contains(&gone), "{left:?}");
    ada.memory().forget_point(forget(true)).await.unwrap();
    let left: Vec<_> = due(&ada).await.iter().map(|review| review.point_id).collect();
    assert!(left.contains(&gone));
    for days in [-1, 366] {
        let refused = ada.memory().postpone_review(ada.ask(put_off(days))).await.unwrap_err();
        assert_eq!(fields(&refused), ["days"]);
    }
    let nowhere = ada.ask(v1::ForgetPointRequest { point_id: 4711, undo: false });
    let refused = ada.memory().forget_point(nowhere).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::NotFound, "POINT_NOT_FOUND".into()));
}

#[tokio::test]
async fn a_prompt_that_the_point_does_not_have_is_refused() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let point_id = a_point(&ada).await;
    let request = SubmitReviewRequest { point_id, prompt_number: 99, ..Default::default() };
    assert_eq!(fields(&submit(&ada, request).await.unwrap_err()), ["prompt_number"]);
}

#[tokio::test]
async fn days_follow_the_accounts_time_zone_which_the_first_client_sets() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let look = async |time_zone: &str| {
        let request = ada.ask(v1::GetMemoryRequest { time_zone: time_zone.into() });
        ada.memory().get_memory(request).await.map(tonic::Response::into_inner)
    };
    // These time zones are a day apart.
    let [east, west] = ["Pacific/Kiritimati", "Pacific/Pago_Pago"];
    assert_eq!(look("").await.unwrap().time_zone, "UTC");
    assert_eq!(look(west).await.unwrap().time_zone, west);
    assert_eq!(look(east).await.unwrap().time_zone, east, "reading stores nothing");
    let point_id = a_point(&ada).await;
    for time_zone in [east, west] {
        let time_zone = time_zone.into();
        let request = SubmitReviewRequest { point_id, time_zone, ..Default::default() };
        submit(&ada, request).await.unwrap();
    }
    let kept = look(west).await.unwrap();
    assert_eq!(kept.time_zone, east, "the first one stays");
    let set = async |time_zone: &str| {
        let request = ada.ask(v1::SetTimeZoneRequest { time_zone: time_zone.into() });
        ada.auth().set_time_zone(request).await.map(tonic::Response::into_inner)
    };
    let user = set("pacific/pago_pago").await.unwrap().user.unwrap();
    assert_eq!(user.time_zone, west);
    let moved = look(east).await.unwrap();
    assert_eq!(moved.time_zone, west);
    assert!(moved.today < kept.today, "{} {}", moved.today, kept.today);
    assert_eq!(fields(&look("Berlin").await.unwrap_err()), ["time_zone"]);
    assert_eq!(fields(&set("").await.unwrap_err()), ["time_zone"]);
}
