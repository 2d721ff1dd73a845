//! What programs read in a grade: numbers that are present when they are 0, words that agree with
//! them, the caller's own ids, and text that is safe to show.

use prost::Message as _;
use serde_json::{Value, json};
use tokio_stream::StreamExt;
use tonic::Status;
use viva_proto::{
    json::Json,
    v1::{self, Band, grade_answers_response::Outcome, grade_service_client::GradeServiceClient},
};

use crate::support::{Person, TestServer};

const LOCK: &str = "Only one thread at a time is in the critical section.";
const WAIT: &str = "Other threads wait until the lock is released.";

/// A question about a mutex whose rubric has ids.
fn mutex(answer: &str) -> v1::GradeAnswerRequest {
    let point = |point: &str, id: &str| v1::RubricPoint {
        point: point.into(),
        id: id.into(),
        ..v1::RubricPoint::default()
    };
    v1::GradeAnswerRequest {
        question: "What is a mutex for?".into(),
        key_points: vec![point(LOCK, "lock"), point(WAIT, "wait")],
        mistakes: vec![v1::RubricMistake {
            claim: "A mutex makes code faster.".into(),
            why_wrong: "It costs time.".into(),
            id: "faster".into(),
        }],
        answer: answer.into(),
        ..v1::GradeAnswerRequest::default()
    }
}

async fn grade(person: &Person, request: v1::GradeAnswerRequest) -> Result<v1::Evaluation, Status> {
    let mut client = GradeServiceClient::new(person.channel.clone());
    Ok(client.grade_answer(person.ask(request)).await?.into_inner().evaluation.unwrap())
}

fn as_json(evaluation: &v1::Evaluation) -> Value {
    serde_json::to_value(Json(evaluation)).unwrap()
}

#[tokio::test]
async fn a_zero_is_present_and_numbers_agree_with_words() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let one_point = v1::GradeAnswerRequest {
        key_points: vec![v1::RubricPoint { point: LOCK.into(), ..Default::default() }],
        mistakes: vec![],
        ..mutex("I have no idea what a mutex is for, to be honest.")
    };
    let worst = grade(&ada, one_point).await.unwrap();
    let scores = worst.scores.unwrap();
    assert_eq!((worst.key_points[0].coverage, scores.completeness), (Some(0.0), Some(0.0)));
    assert_eq!(worst.band(), Band::Poor);
    let completeness = &worst.explanations[1];
    assert_eq!(completeness.reason, "It does not make the one point of a good answer.");
    assert_eq!((completeness.score_band(), completeness.band.as_str()), (Band::Poor, "poor"));
    let json = as_json(&worst);
    assert_eq!(json["scores"]["completeness"], json!(0.0));
    assert_eq!(json["key_points"][0]["coverage"], json!(0.0));
    assert!(json["overall"].is_f64() && json["range"]["low"].is_f64(), "{json}");
}

#[tokio::test]
async fn an_evaluation_says_its_overall_score_and_band() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let graded = grade(&ada, mutex(&format!("{LOCK} {WAIT}"))).await.unwrap();
    let scores = graded.scores.unwrap();
    let sum = scores.correctness() + scores.completeness() + scores.quality();
    let mean = (sum + scores.communication()) / 4.0;
    assert!((graded.overall.unwrap() - mean).abs() < 1e-6, "{graded:?}");
    assert!([Band::Good, Band::Excellent].contains(&graded.band()), "{graded:?}");
}

#[tokio::test]
async fn the_callers_ids_come_back_with_points_and_mistakes() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let graded = grade(&ada, mutex(&format!("{LOCK} A mutex makes code faster."))).await.unwrap();
    let ids: Vec<_> = graded.key_points.iter().map(|point| point.id.as_str()).collect();
    assert_eq!(ids, ["lock", "wait"]);
    let made = v1::MistakeResult {
        id: "faster".into(),
        claim: "A mutex makes code faster.".into(),
        evidence: "A mutex makes code faster.".into(),
        why_wrong: "It costs time.".into(),
    };
    assert_eq!(graded.mistakes, [made]);
    let right = grade(&ada, mutex(LOCK)).await.unwrap();
    assert_eq!(right.mistakes, [], "a mistake that is not made is not reported");
}

#[tokio::test]
async fn a_rubrics_words_are_text_in_the_feedback() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let mut request = mutex("I have no idea what a mutex is for, to be honest.");
    request.key_points[0].point = "<img src=x onerror=alert(1)> one thread at a time.".into();
    request.key_points[1].point = "[Others wait](javascript:alert(1)) for the lock.".into();
    let feedback = grade(&ada, request).await.unwrap().feedback;
    assert!(feedback.contains(r"\<img src=x onerror=alert(1)\>"), "{feedback}");
    assert!(feedback.contains(r"\[Others wait\](javascript"), "{feedback}");
}

#[tokio::test]
async fn a_thousand_items_of_a_paragraph_each_fit_with_a_shared_rubric() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let rubric = mutex("");
    // The largest rubric allowed, and answers of 800 characters.
    let point =
        v1::RubricPoint { phrasings: vec!["x".repeat(390); 10], ..rubric.key_points[0].clone() };
    let shared = v1::SharedRubric {
        question: rubric.question,
        key_points: vec![point; 9],
        mistakes: rubric.mistakes,
        ..v1::SharedRubric::default()
    };
    let item = |number: usize| v1::GradeAnswersItem {
        item_id: format!("item-{number}"),
        request: Some(v1::GradeAnswerRequest { answer: "x".repeat(800), ..Default::default() }),
    };
    let batch =
        v1::GradeAnswersRequest { items: (0..1000).map(item).collect(), shared: Some(shared) };
    let mut client = GradeServiceClient::new(ada.channel.clone());
    assert!(batch.encoded_len() < 1024 * 1024);
    let mut replies = client.grade_answers(ada.ask(batch)).await.unwrap().into_inner();
    let first = replies.next().await.unwrap().unwrap();
    assert!(matches!(first.outcome, Some(Outcome::Evaluation(_))), "{first:?}");
}
