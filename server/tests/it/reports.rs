//! Reports.

use tonic::Code;
use viva_proto::v1::{self, EvaluationStatus};

use crate::support::{Person, TestServer, fields, reason};

fn mean(scores: &viva_proto::v1::Scores) -> f64 {
    (scores.correctness() + scores.completeness() + scores.quality() + scores.communication()) / 4.0
}

#[tokio::test]
async fn a_report_has_every_question_and_averages_the_evaluated_ones() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 4).await;
    let reference_like =
        "I would measure first and then change one thing, because guesses mislead.";
    ada.submit(&interview, 0, reference_like).await.unwrap();
    ada.submit(&interview, 1, "I have no idea about this one, sorry.").await.unwrap();
    ada.submit(&interview, 2, "[fail] and never a score").await.unwrap();
    ada.settled(interview.id).await;
    let report = ada.report(interview.id).await.unwrap();
    assert_eq!(report.questions.len(), 4);
    assert!(report.questions[3].answer.is_none());
    let evaluations: Vec<_> = report.questions[..3]
        .iter()
        .map(|question| question.answer.clone().unwrap().evaluation.unwrap())
        .collect();
    assert_eq!(evaluations[2].status(), EvaluationStatus::Failed);
    let scored: Vec<f64> = evaluations.iter().filter_map(|e| e.scores.as_ref()).map(mean).collect();
    assert_eq!(scored.len(), 2);
    let overall = report.overall_score.unwrap();
    assert!((overall - f64::midpoint(scored[0], scored[1])).abs() < 1e-9);
    let averages = report.average_scores.unwrap();
    assert!((mean(&averages) - overall).abs() < 1e-9);
    assert!(!report.improvements.is_empty());
}

#[tokio::test]
async fn a_report_without_evaluations_has_no_score_at_all() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 2).await;
    let report = ada.report(interview.id).await.unwrap();
    assert!(report.overall_score.is_none() && report.average_scores.is_none());
    assert_eq!(report.questions.len(), 2);
}

#[tokio::test]
async fn progress_shows_only_the_callers_scores_over_interviews_and_by_topic() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let bob = server.sign_up("bob").await;
    let nothing = progress(&ada, 0).await.unwrap();
    assert_eq!(nothing, none());
    let mut overall = Vec::new();
    for _ in 0..3 {
        let interview = ada.create("Backend engineer", 2).await;
        ada.submit(&interview, 0, "I would measure first, because guesses mislead.").await.unwrap();
        ada.submit(&interview, 1, "I have no idea about this one, sorry.").await.unwrap();
        ada.settled(interview.id).await;
        let report = ada.report(interview.id).await.unwrap();
        overall.push((interview.id, report.overall_score, report.average_scores));
    }
    let all = progress(&ada, 0).await.unwrap();
    let points: Vec<_> =
        all.points.iter().map(|p| (p.interview_id, p.overall_score, p.average_scores)).collect();
    assert_eq!(points, overall, "each point has its report's score, oldest first");
    assert_eq!(all.topics.iter().map(|topic| topic.answers).sum::<i32>(), 6);
    assert!(all.topics.is_sorted_by_key(v1::TopicProgress::average_score));
    assert_eq!(all.series.iter().map(|series| series.answers).sum::<i32>(), 6);
    assert!(all.series.iter().all(|series| series.grader == all.grader));
    let topics: Vec<_> = all.topics.iter().map(|topic| topic.topic.as_str()).collect();
    assert_eq!(all.series.iter().map(|s| s.topic.as_str()).collect::<Vec<_>>(), topics);
    let totals = all.totals.unwrap();
    assert_eq!((totals.answers, totals.duration_ms), (6, 0));
    assert_eq!((totals.week_answers, totals.week_duration_ms), (6, 0));
    assert!((1..=2).contains(&totals.active_days), "{totals:?}");
    assert_eq!(all.grader.unwrap().kind(), v1::GraderKind::Offline);
    let newest = progress(&ada, 2).await.unwrap();
    assert_eq!(newest.points, all.points[1..]);
    assert_eq!(newest.topics.iter().map(|topic| topic.answers).sum::<i32>(), 4);
    assert_eq!(progress(&bob, 0).await.unwrap(), none());
    let error = progress(&ada, -1).await.unwrap_err();
    assert_eq!(error.code(), Code::InvalidArgument);
    assert_eq!(fields(&error), ["max_interviews"]);
}

/// The totals of an account without answers.
fn none() -> v1::GetProgressResponse {
    v1::GetProgressResponse {
        totals: Some(v1::ProgressTotals::default()),
        ..v1::GetProgressResponse::default()
    }
}

async fn progress(
    who: &Person,
    max_interviews: i32,
) -> Result<v1::GetProgressResponse, tonic::Status> {
    let request = who.ask(v1::GetProgressRequest { max_interviews, utc_offset_minutes: 0 });
    Ok(who.reports().get_progress(request).await?.into_inner())
}

#[tokio::test]
async fn the_owner_may_read_a_rubric_only_after_an_evaluated_answer() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let bob = server.sign_up("bob").await;
    let interview = ada.create("Backend engineer", 1).await;
    let question_id = interview.questions[0].id;
    let rubric = async |person: &Person| {
        let request = person.ask(v1::GetRubricRequest { question_id });
        person.reports().get_rubric(request).await.map(tonic::Response::into_inner)
    };
    let early = rubric(&ada).await.unwrap_err();
    assert_eq!(
        (early.code(), reason(&early).as_str()),
        (Code::FailedPrecondition, "NO_EVALUATION")
    );
    ada.submit(&interview, 0, "[fail] and never a score").await.unwrap();
    ada.settled(interview.id).await;
    assert_eq!(rubric(&ada).await.unwrap_err().code(), Code::FailedPrecondition);
    ada.submit(&interview, 0, "I would measure first and then change one thing.").await.unwrap();
    ada.settled(interview.id).await;
    let kept = rubric(&ada).await.unwrap();
    assert_eq!(kept.question.as_ref(), Some(&interview.questions[0]));
    assert_eq!((kept.interview_id, kept.role.as_str()), (interview.id, "Backend engineer"));
    assert_eq!(kept.level(), v1::Level::Mid);
    assert!(kept.reference.len() > 100 && kept.key_points.len() >= 2 && !kept.mistakes.is_empty());
    assert!(
        kept.key_points.iter().all(|point| point.weight() > 0.0 && !point.phrasings.is_empty())
    );
    assert_eq!(rubric(&bob).await.unwrap_err().code(), Code::PermissionDenied);
    let request = ada.ask(v1::GetRubricRequest { question_id: 4711 });
    let missing = ada.reports().get_rubric(request).await.unwrap_err();
    assert_eq!((missing.code(), missing.message()), (Code::NotFound, "Question not found"));
}
