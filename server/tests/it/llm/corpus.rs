//! Replays the corpus of model replies, one evaluation each.

use serde_json::Value;
use viva_fake_model::{Case, Script};
use viva_proto::v1::{self, EvaluationStatus};

use super::world::{INDEX, INDEX_ANSWER, World, ask, patient_settings, question};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpora/llm-responses");

/// What was observed of one evaluation.
struct Seen {
    last: v1::Answer,
    /// The waits between attempts that a watcher saw, in seconds from the submit.
    waits: Vec<f64>,
}

fn seconds(time: &prost_types::Timestamp) -> f64 {
    time.seconds as f64 + f64::from(time.nanos) / 1e9
}

/// Answers the question of the corpus and watches until the evaluation has ended.
async fn replay(world: &World, case: Case) -> Seen {
    // Each case asks a different question; otherwise the previous evaluation would be reused.
    let mut asked = question(&format!("{INDEX} ({})", case.name));
    for point in &mut asked.rubric.key_points {
        // The answer says what writes cost, which is only the first half of this point.
        point.phrasings = point.point.split(", ").map(str::to_owned).collect();
    }
    let interview = ask(&world.server, &world.ada, vec![asked]).await;
    world.model.set(Script::Replay(case));
    world.ada.submit(&interview, 0, INDEX_ANSWER).await.unwrap();
    let request = v1::WatchInterviewRequest { interview_id: interview.id, follow: false };
    let request = world.ada.ask(request);
    let mut stream = world.ada.answers().watch_interview(request).await.unwrap().into_inner();
    let (mut waits, mut last) = (Vec::new(), None);
    while let Some(message) = stream.message().await.unwrap() {
        let answer = message.answer.unwrap();
        let evaluation = answer.evaluation.as_ref().unwrap();
        if let Some(due) = &evaluation.next_attempt_at {
            assert!(!evaluation.last_fault.is_empty(), "a waiting evaluation says what was wrong");
            waits.push(seconds(due) - seconds(answer.submitted_at.as_ref().unwrap()));
        }
        last = Some(answer);
    }
    Seen { last: last.unwrap(), waits }
}

/// How an evaluation differs from what the case expects.
fn faults(expect: &Value, seen: &Seen) -> Vec<String> {
    let evaluation = seen.last.evaluation.as_ref().unwrap();
    let state = match evaluation.status() {
        EvaluationStatus::Completed => "completed",
        EvaluationStatus::Failed => "failed",
        other => panic!("{other:?}"),
    };
    let mut wrong = Vec::new();
    let mut require = |holds: bool, what: String| {
        if !holds {
            wrong.push(what);
        }
    };
    let outcome = expect["outcome"].as_str().unwrap();
    let final_state = if outcome == "retried" { expect["then"].as_str().unwrap() } else { outcome };
    let accepted =
        expect["accept"].as_array().is_some_and(|all| all.iter().any(|one| one == state));
    require(
        state == final_state || accepted,
        format!("{state} instead of {final_state}: {}", evaluation.failure_reason),
    );
    if outcome == "retried" {
        require(evaluation.attempts >= 2, format!("{} attempts", evaluation.attempts));
    }
    let attempts = i64::from(evaluation.attempts);
    let number = |key: &str| expect[key].as_i64();
    require(number("attempts").is_none_or(|n| n == attempts), format!("{attempts} attempts"));
    require(number("attempts_min").is_none_or(|n| n <= attempts), format!("{attempts} attempts"));
    require(number("attempts_max").is_none_or(|n| n >= attempts), format!("{attempts} attempts"));
    if let Some(floor) = expect["next_attempt_min_s"].as_f64() {
        require(seen.waits.iter().any(|wait| *wait >= floor), format!("waits {:?}", seen.waits));
    }
    if let Some(part) = expect["reason_contains"].as_str() {
        let reason = &evaluation.failure_reason;
        require(reason.contains(part), format!("the reason is {reason}"));
    }
    if state == "failed" {
        require(evaluation.scores.is_none(), "a failed evaluation has scores".into());
        require(evaluation.failure_reason.len() > 20, "the failure has no reason".into());
    }
    if let Some(scores) = evaluation.scores.filter(|_| expect["scores"].is_object()) {
        let stored = [
            ("correctness", scores.correctness()),
            ("completeness", scores.completeness()),
            ("quality", scores.quality()),
            ("communication", scores.communication()),
        ];
        for (name, score) in stored {
            let told = expect["scores"][name].as_f64().unwrap();
            require((score - told).abs() < 1e-9, format!("{name} is {score}, not {told}"));
        }
    }
    require(seen.last.answer_text == INDEX_ANSWER, "the answer has changed".into());
    wrong
}

#[tokio::test]
async fn every_reply_of_the_corpus_leads_to_its_expected_end() {
    let limits = [("LLM_TIMEOUT_SECONDS", "1")];
    let world = World::with_settings(Script::honest(), &limits, patient_settings(5)).await;
    let cases = Case::folder(CORPUS).unwrap();
    assert!(cases.len() >= 60, "the corpus has {} cases", cases.len());
    let mut broken = Vec::new();
    for case in cases {
        let (name, expect) = (case.name.clone(), case.expect.clone());
        let seen = replay(&world, case).await;
        broken.extend(faults(&expect, &seen).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(world.model.other_host_hits().is_empty(), "a redirect was followed");
}

#[tokio::test]
async fn an_evaluation_that_ran_out_of_attempts_can_be_retried() {
    let world = World::with_settings(Script::honest(), &[], patient_settings(2)).await;
    let forever = Case::load(format!("{CORPUS}/15-rate-429-forever.json")).unwrap();
    let failed = replay(&world, forever).await.last;
    let evaluation = failed.evaluation.unwrap();
    assert_eq!((evaluation.status(), evaluation.attempts), (EvaluationStatus::Failed, 2));
    world.model.set(Script::honest());
    let request = v1::RetryEvaluationRequest { answer_id: failed.id };
    let again = world.ada.answers().retry_evaluation(world.ada.ask(request)).await.unwrap();
    let pending = again.into_inner().answer.unwrap().evaluation.unwrap();
    assert_eq!(
        (pending.attempts, pending.last_fault.as_str()),
        (0, ""),
        "attempts and faults start again"
    );
    let request = v1::GetAnswerStatusRequest { answer_id: failed.id };
    loop {
        let reply = world.ada.answers().get_answer_status(world.ada.ask(request)).await.unwrap();
        let evaluation = reply.into_inner().answer.unwrap().evaluation.unwrap();
        if evaluation.status() == EvaluationStatus::Completed {
            assert_eq!(evaluation.attempts, 1);
            break;
        }
        assert_eq!(evaluation.status(), EvaluationStatus::Pending);
        tokio::task::yield_now().await;
    }
}
