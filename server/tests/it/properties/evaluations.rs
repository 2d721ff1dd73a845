//! Properties 10 to 13.

use proptest::{prelude::*, prop_assert, prop_assert_eq, test_runner::TestCaseError};
use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use viva_proto::v1::EvaluationStatus;
use viva_server::domain::{
    evaluation::{Assessment, AssessmentParts, Explanation, Grader, GraderKind, KeyPointResult},
    provenance::Provenance,
    score::{Dimension, Score, Scores},
};

use super::holds;

#[test]
fn property_10_evaluation_result_structure() {
    // These short answers are always judged; random characters may be declined as no answer.
    let said = prop::sample::select(vec!["I would measure first.", "It depends on the load."]);
    let said = said.prop_map(|text| (true, text.to_owned()));
    let text = prop_oneof![said, "[^\\x00]{10,300}".prop_map(|text| (false, text))];
    holds(
        text,
        |server| Box::pin(async move { server.sign_up("ada").await }),
        |server, ada, (is_said, text)| {
            Box::pin(async move {
                prop_assume!(text.trim().chars().count() >= 10 && !text.contains('['));
                let interview = ada.create("Backend engineer", 1).await;
                let id = ada.submit(&interview, 0, &text).await.unwrap();
                ada.settled(interview.id).await;
                let options =
                    SqliteConnectOptions::new().filename(server.folder.path().join("viva.db"));
                let mut database = SqliteConnection::connect_with(&options).await.unwrap();
                let row = sqlx::query("SELECT * FROM evaluations WHERE answer_id = $1")
                    .bind(id)
                    .fetch_one(&mut database)
                    .await
                    .unwrap();
                if let Some(refusal) = row.get::<Option<String>, _>("refusal") {
                    prop_assert!(!is_said, "{}", refusal);
                    prop_assert_eq!(row.get::<String, _>("status"), "failed");
                    prop_assert_eq!(row.get::<Option<String>, _>("scores"), None);
                    return Ok(());
                }
                prop_assert_eq!(row.get::<String, _>("status"), "completed");
                let scores: serde_json::Value =
                    serde_json::from_str(&row.get::<String, _>("scores")).unwrap();
                for dimension in ["correctness", "completeness", "quality", "communication"] {
                    let score = scores[dimension].as_f64();
                    prop_assert!(score.is_some_and(|s| (0.0..=10.0).contains(&s)), "{}", scores);
                }
                prop_assert!(!row.get::<String, _>("feedback").trim().is_empty());
                let suggestions: Vec<String> =
                    serde_json::from_str(&row.get::<String, _>("suggestions")).unwrap();
                prop_assert!(suggestions.iter().all(|suggestion| !suggestion.is_empty()));
                Ok(())
            })
        },
    );
}

const ANSWER: &str = "A mutex lets one thread in at a time, and the others wait for it.";

/// The parts of an assessment, each valid or not as its arguments say.
fn parts(scores: [f64; 4], coverage: f64, quote: &str, feedback: &str) -> Option<AssessmentParts> {
    let score = Score::new;
    let scores = Scores {
        correctness: score(scores[0])?,
        completeness: score(scores[1])?,
        quality: score(scores[2])?,
        communication: score(scores[3])?,
    };
    let explanations = Dimension::ALL.map(|dimension| {
        let band = scores.of(dimension).band();
        let next_step = band.next().map(|_| "Say more.".to_owned()).unwrap_or_default();
        Explanation { dimension, band, reason: "So it is.".into(), evidence: vec![], next_step }
    });
    let point = KeyPointResult {
        point: "Only one thread holds the lock.".into(),
        weight: 1.0,
        coverage,
        evidence: quote.to_owned(),
        confidence: None,
    };
    Some(AssessmentParts {
        scores,
        range: None,
        needs_review: false,
        feedback: feedback.to_owned(),
        suggestions: vec![],
        key_points: vec![point],
        mistakes: vec![],
        explanations: explanations.into(),
        grader: Grader { kind: GraderKind::Offline, name: "x".into(), version: "1".into() },
        provenance: Provenance::default(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn property_11_evaluation_structure_validation(
        scores in prop::array::uniform4(prop_oneof![0.0f64..=10.0, any::<f64>()]),
        coverage in prop_oneof![0.0f64..=1.0, any::<f64>(), Just(0.0)],
        quote in prop_oneof![Just("one thread in at a time"), Just(""), Just("never said")],
        feedback in prop_oneof![Just("Well said."), Just(""), Just(" \n ")],
    ) {
        let numbers = scores.iter().all(|score| (0.0..=10.0).contains(score));
        let parts = parts(scores, coverage, quote, feedback);
        prop_assert_eq!(parts.is_some(), numbers, "a score outside 0 to 10 is refused");
        let Some(parts) = parts else { return Ok(()) };
        let sound = (0.0..=1.0).contains(&coverage)
            && (coverage == 0.0 || !quote.is_empty())
            && ANSWER.contains(quote)
            && !feedback.trim().is_empty();
        let checked = Assessment::check(parts, ANSWER);
        prop_assert_eq!(checked.is_ok(), sound, "{:?}", checked);
    }
}

#[test]
fn property_12_evaluation_error_handling() {
    let fault = prop_oneof![Just("[fail]"), Just("[retry]"), Just("[panic]")];
    holds(
        (fault, "[a-z ]{10,60}"),
        |server| Box::pin(async move { server.sign_up("ada").await }),
        |_, ada, (fault, text)| {
            Box::pin(async move {
                let interview = ada.create("Backend engineer", 1).await;
                let id = ada.submit(&interview, 0, &format!("{fault} some {text}")).await.unwrap();
                ada.settled(interview.id).await;
                let evaluation = ada.status(id).await.unwrap().evaluation.unwrap();
                prop_assert_eq!(evaluation.status(), EvaluationStatus::Failed);
                prop_assert!(!evaluation.failure_reason.is_empty());
                prop_assert!(evaluation.scores.is_none(), "an error never becomes a score");
                Ok(())
            })
        },
    );
}

#[test]
fn property_13_non_blocking_evaluation_processing() {
    // More answers hang than there are graders, and every RPC still responds.
    holds(
        0usize..5,
        |server| {
            Box::pin(async move {
                let ada = server.sign_up("ada").await;
                let interview = ada.create("Backend engineer", 10).await;
                let mut ids = Vec::new();
                for question in 0..10 {
                    ids.push(ada.submit(&interview, question, "[hang] for good").await.unwrap());
                }
                (ada, interview, ids)
            })
        },
        |server, (ada, interview, ids), endpoint| {
            Box::pin(async move {
                let answers: Result<(), TestCaseError> = match endpoint {
                    0 => {
                        prop_assert!(server.sign_in("ada", crate::support::PASSWORD).await.is_ok());
                        Ok(())
                    }
                    1 => {
                        prop_assert_eq!(ada.create("Data engineer", 2).await.questions.len(), 2);
                        Ok(())
                    }
                    2 => {
                        let report = ada.report(interview.id).await.unwrap();
                        prop_assert_eq!(report.questions.len(), 10);
                        Ok(())
                    }
                    3 => {
                        let answer = ada.status(ids[0]).await.unwrap();
                        prop_assert!(answer.evaluation.unwrap().scores.is_none());
                        Ok(())
                    }
                    _ => {
                        let again = ada.submit(interview, 0, "[hang] one more of them").await;
                        prop_assert!(again.is_ok());
                        Ok(())
                    }
                };
                answers
            })
        },
    );
}
