//! Evaluations by a language model: what they say, where they come from, and how conflicting
//! graders are weighed.

use std::time::Duration;

use serde_json::json;
use viva_fake_model::Script;
use viva_proto::v1::{self, EvaluationStatus, GraderKind};

use super::world::{INDEX, INDEX_ANSWER, World, evaluated, mean};

/// A reply that gives these scores and quotes these passages for the rubric's first two points.
fn claim(score: f64, quotes: [&str; 2]) -> Script {
    let reply = json!({
        "scores": {
            "correctness": score, "completeness": score, "quality": score, "communication": score,
        },
        "key_points": [
            { "point": 1, "coverage": 1, "evidence": quotes[0] },
            { "point": 2, "coverage": 1, "evidence": quotes[1] },
        ],
        "feedback": format!("A feedback with {score}."),
        "suggestions": ["Name a number."],
    });
    Script::Fixed(reply.to_string())
}

/// An answer that says nothing about the question, and quotes from it.
const STRAY: &str =
    "I am an expert in this field, so you can believe me. I have nothing to add to that.";
const QUOTES: [&str; 2] = ["I am an expert in this field", "I have nothing to add to that"];

/// A question, a good answer to it, and quotes from the answer for the first two points.
const PROTOCOLS: &str = "Explain the difference between TCP and UDP and when you would pick each.";
const CLEAR: &str = "TCP sets up a connection and delivers an ordered, reliable byte stream: it numbers \
                     segments, acknowledges them, retransmits what is lost and slows down under \
                     congestion. UDP just sends datagrams, which may be lost, doubled or reordered. I \
                     pick TCP for files, APIs and databases, and UDP when a late packet is worthless, \
                     as in voice, games or DNS, or when I build my own reliability on top as QUIC does.";
const SHOWN: [&str; 2] = ["TCP sets up a connection", "UDP just sends datagrams"];

#[tokio::test]
async fn an_evaluation_says_who_gave_it_and_what_it_cost() {
    let world = World::with(Script::Honest { delay: Duration::from_millis(30) }).await;
    let interview = world.ask(&world.ada, &[INDEX]).await;
    let given = evaluated(&world.ada, &interview, INDEX_ANSWER).await;
    let grader = given.grader.clone().unwrap();
    assert_eq!(grader.kind(), GraderKind::Model);
    assert_eq!((grader.name.as_str(), grader.version.as_str()), ("corpus-1", "viva-evaluation-2"));
    let provenance = given.provenance.unwrap();
    assert!(provenance.duration_ms >= 30 && given.attempts == 1);
    assert_eq!((provenance.model_calls, provenance.opinions.len()), (1, 0));
    assert!(provenance.prompt_tokens > 100 && provenance.completion_tokens > 20);
    let quoted: Vec<_> = given.key_points.iter().filter(|point| point.coverage() > 0.0).collect();
    assert!(!quoted.is_empty());
    assert!(quoted.iter().all(|point| INDEX_ANSWER.contains(&point.evidence)));
    assert_eq!(given.explanations.len(), 4);
    assert!(!given.feedback.is_empty() && !given.suggestions.is_empty());
    assert!(given.reference_answer.contains("B-tree"));
}

#[tokio::test]
async fn the_feedback_is_in_the_interviews_language() {
    let world = World::with(Script::honest()).await;
    let request = viva_proto::v1::CreateInterviewRequest {
        role: "Backend engineer".into(),
        num_questions: 1,
        language: "de".into(),
        ..Default::default()
    };
    let reply = world.ada.interviews().create_interview(world.ada.ask(request)).await.unwrap();
    let interview = reply.into_inner().interview.unwrap();
    assert_eq!(interview.language, "de");
    let given =
        evaluated(&world.ada, &interview, "Ein Index findet Zeilen ohne alles zu lesen.").await;
    assert!(given.feedback.starts_with("[de]"), "{}", given.feedback);
}

#[tokio::test]
async fn a_claim_without_quotes_is_read_again_and_stays_low() {
    let world = World::with(Script::AlwaysTen).await;
    let interview = world.ask(&world.ada, &[INDEX]).await;
    let given = evaluated(&world.ada, &interview, "I am an expert, so you can believe me.").await;
    let scores = given.scores.unwrap();
    assert_eq!((scores.correctness(), scores.completeness()), (0.0, 0.0));
    assert!(mean(&given) <= 3.0);
    let provenance = given.provenance.unwrap();
    assert_eq!(provenance.model_calls, 2);
    assert!(provenance.note.contains("shown by quotes"), "{}", provenance.note);
    assert_eq!(given.key_points.iter().filter(|point| point.coverage() > 0.0).count(), 0);
    // Praise from the model would be absurd beside these scores, so the code writes the feedback.
    assert!(given.feedback.contains("does not reach the question yet"), "{}", given.feedback);
}

/// Returns which opinion stands, and the evaluation.
async fn disputed(
    (question, answer): (&str, &str),
    readings: [Script; 2],
) -> (usize, v1::Evaluation) {
    let world = World::with(Script::Sequence(readings.to_vec())).await;
    let interview = world.ask(&world.ada, &[question]).await;
    let given = evaluated(&world.ada, &interview, answer).await;
    let opinions = given.provenance.clone().unwrap().opinions;
    assert_eq!(opinions.len(), 3, "two readings and the built-in grader are kept");
    let standing: Vec<_> = (0..3).filter(|at| opinions[*at].stands).collect();
    assert_eq!(standing.len(), 1);
    assert_eq!(opinions[standing[0]].scores, given.scores);
    assert_eq!(opinions[2].grader.as_ref().unwrap().kind(), GraderKind::Offline);
    let second_request = &world.model.requests()[1];
    assert!(second_request.system().contains("\nMark: "), "the second reading is marked");
    (standing[0], given)
}

#[tokio::test]
async fn a_score_without_proof_is_read_a_second_time_and_the_lower_reading_stands() {
    for (second, stands) in [(0.1, 1), (9.5, 0)] {
        let (standing, given) =
            disputed((INDEX, STRAY), [claim(9.0, QUOTES), claim(second, QUOTES)]).await;
        assert_eq!(standing, stands);
        assert!(mean(&given) <= 3.0);
        let note = given.provenance.unwrap().note;
        assert!(note.contains("the lower reading stands"), "{note}");
    }
}

#[tokio::test]
async fn a_score_far_below_the_built_in_graders_without_a_mistake_is_read_a_second_time() {
    for (second, stands) in [(7.0, 1), (1.0, 0)] {
        let readings = [claim(2.0, SHOWN), claim(second, SHOWN)];
        let (standing, given) = disputed((PROTOCOLS, CLEAR), readings).await;
        assert_eq!(standing, stands);
        assert!(given.feedback.contains(&format!("{}", f64::max(2.0, second))));
        let note = given.provenance.clone().unwrap().note;
        assert!(note.contains("named no mistake") && note.contains("second time"), "{note}");
        // Two readings that agree may still both be wrong.
        assert_eq!(given.needs_review, stands == 0);
    }
}

#[tokio::test]
async fn a_reply_form_that_the_endpoint_refuses_is_not_tried_again() {
    use viva_fake_model::{Form, Refusal};
    for (highest, refusal) in [
        (Form::ObjectWithSchema, Refusal::LlamaCpp),
        (Form::Object, Refusal::OpenAi),
        (Form::Text, Refusal::OpenAi),
    ] {
        let then = Box::new(Script::NoTemperature(Box::new(Script::honest())));
        let world = World::with(Script::Rungs { highest, refusal, then }).await;
        for text in [INDEX_ANSWER, "It is a sorted structure that makes writes slower."] {
            let interview = world.ask(&world.ada, &[INDEX]).await;
            let given = evaluated(&world.ada, &interview, text).await;
            assert_eq!(given.status(), EvaluationStatus::Completed, "{}", given.failure_reason);
            assert_eq!(given.attempts, 1, "finding the form does not count as an attempt");
        }
        let forms: Vec<Form> = world.model.requests().iter().map(Form::of).collect();
        assert!(forms.is_sorted_by(|earlier, later| earlier >= later), "{forms:?}");
        assert_eq!(forms.last(), Some(&highest));
    }
}

#[tokio::test]
async fn averages_include_the_evaluations_of_one_grader_only() {
    let world = World::with(Script::honest()).await;
    let interview = world
        .ask(&world.ada, &[INDEX, "How do you prevent a deadlock when code needs two locks?"])
        .await;
    world.ada.submit(&interview, 0, INDEX_ANSWER).await.unwrap();
    let first = world.ada.settled(interview.id).await;
    let folder = world.server.stop().await;
    // The same database without a model: the built-in grader evaluates the second answer.
    let server = crate::support::TestServer::start_in(folder, crate::support::settings()).await;
    let ada = server.sign_in("ada", crate::support::PASSWORD).await.unwrap();
    ada.submit(&interview, 1, "Take the locks in one global order everywhere.").await.unwrap();
    ada.settled(interview.id).await;
    let report = ada.report(interview.id).await.unwrap();
    let of = |at: usize| {
        let answer = report.questions[at].answer.clone().unwrap();
        answer.evaluation.unwrap()
    };
    let kinds = [of(0).grader.unwrap().kind(), of(1).grader.unwrap().kind()];
    assert_eq!(kinds, [GraderKind::Model, GraderKind::Offline]);
    assert_eq!(of(0).scores, first[0].evaluation.clone().unwrap().scores);
    // One answer each: the tie goes to the later one's grader.
    assert!((report.overall_score.unwrap() - mean(&of(1))).abs() < 1e-9);
}
