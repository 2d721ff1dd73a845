//! Reports.

use viva_proto::v1::EvaluationStatus;

use crate::support::TestServer;

fn mean(scores: &viva_proto::v1::Scores) -> f64 {
    (scores.correctness + scores.completeness + scores.quality + scores.communication) / 4.0
}

#[tokio::test]
async fn a_report_has_every_question_and_averages_what_is_evaluated() {
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
    assert!((overall - (scored[0] + scored[1]) / 2.0).abs() < 1e-9);
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
