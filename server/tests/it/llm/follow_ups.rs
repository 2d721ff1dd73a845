//! Follow-ups that a language model writes.

use serde_json::json;
use viva_fake_model::Script;

use super::world::{INDEX, World, evaluated};
use crate::{follow_ups::follow_up, support::reason};

const ANSWER: &str = "An index makes reads faster.";

#[tokio::test]
async fn a_model_writes_the_question_and_the_point_decides_the_grade() {
    let world = World::with(Script::honest()).await;
    let made = world.ask(&world.ada, &[INDEX]).await;
    evaluated(&world.ada, &made, ANSWER).await;
    let calls = world.model.calls();
    let asked = follow_up(&world.ada, made.questions[0].id).await.unwrap();
    assert_eq!(world.model.calls(), calls + 1);
    let text = asked.question.unwrap().text;
    assert!(text.contains("Which part of it would you put in another way"), "{text}");
    assert!(ANSWER.contains(&asked.quote) && text.contains(&asked.quote));
    // The candidate's answer is passed as data; the instructions name what must not be given away.
    let request = world.model.requests().pop().unwrap();
    assert!(!request.system().contains(ANSWER) && request.user().contains(ANSWER));
}

#[tokio::test]
async fn a_question_that_gives_the_point_away_or_misquotes_the_answer_is_not_asked() {
    for reply in [
        json!({ "question": "You said \u{201c}it is magic\u{201d}: why so?", "quote": "it is magic" }),
        json!({ "question": "Why?", "quote": "" }),
        json!({ "no": "question" }),
    ] {
        let honest = World::with(Script::honest()).await;
        let made = honest.ask(&honest.ada, &[INDEX]).await;
        evaluated(&honest.ada, &made, ANSWER).await;
        let script = Script::Fixed(reply.to_string());
        let model = viva_fake_model::FakeModel::start(script).await.unwrap();
        let config = super::world::config(&model.url(), &[]);
        let beside = honest.server.start_beside_with(&config).await;
        let ada = beside.sign_in("ada", crate::support::PASSWORD).await.unwrap();
        let asked = follow_up(&ada, made.questions[0].id).await.unwrap();
        let text = asked.question.unwrap().text;
        assert!(text.contains("leaves out something that matters"), "{text}");
        assert_eq!(model.calls(), 2, "the model is asked once more and told what was wrong");
        assert!(model.requests()[1].user().contains("faults\":[\""));
    }
}

#[tokio::test]
async fn without_an_evaluation_the_model_is_not_asked() {
    let world = World::with(Script::honest()).await;
    let made = world.ask(&world.ada, &[INDEX]).await;
    let refused = follow_up(&world.ada, made.questions[0].id).await.unwrap_err();
    assert_eq!((reason(&refused).as_str(), world.model.calls()), ("NO_EVALUATION", 0));
}
