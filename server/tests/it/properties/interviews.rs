//! Properties 5 and 6, and one more about the number of questions.

use std::collections::HashSet;

use proptest::{prop_assert, prop_assert_eq};
use tonic::Code;
use viva_proto::v1;
use viva_server::{
    domain::{
        follow_up::{MOST_QUESTIONS, NewFollowUp},
        id::{QuestionId, UserId},
        question::Rubric,
    },
    storage::follow_ups::FollowUpAdded,
};

use super::holds;
use crate::{real_mode::real, support::Person};

#[test]
fn property_5_interview_creation_and_persistence() {
    holds(
        ("[^\\s\\pC][^\\pC]{0,98}", 1i32..=10, 0i32..=4),
        |server| Box::pin(async move { server.sign_up("ada").await }),
        |_, ada, (role, count, level)| {
            Box::pin(async move {
                let request = v1::CreateInterviewRequest {
                    role: role.clone(),
                    num_questions: count,
                    level,
                    ..Default::default()
                };
                let made = ada.interviews().create_interview(ada.ask(request)).await;
                let made = made.unwrap().into_inner().interview.unwrap();
                prop_assert!(made.id > 0);
                prop_assert_eq!(made.questions.len(), usize::try_from(count).unwrap());
                let texts: HashSet<_> = made.questions.iter().map(|q| &q.text).collect();
                prop_assert_eq!(texts.len(), made.questions.len(), "distinct");
                let request = v1::GetInterviewRequest { interview_id: made.id };
                let kept = ada.interviews().get_interview(ada.ask(request)).await.unwrap();
                let kept = kept.into_inner().interview.unwrap();
                prop_assert_eq!(&kept, &made);
                prop_assert_eq!(made.role.trim(), role.trim());
                let request = v1::ListInterviewsRequest { page_size: 1, ..Default::default() };
                let newest = ada.interviews().list_interviews(ada.ask(request)).await.unwrap();
                prop_assert_eq!(newest.into_inner().interviews[0].id, made.id);
                Ok(())
            })
        },
    );
}

#[test]
fn property_6_interview_ownership_validation() {
    holds(
        (1i32..=3, 0usize..4),
        |server| {
            Box::pin(async move { (server.sign_up("ada").await, server.sign_up("bob").await) })
        },
        |_, (ada, bob), (count, rpc)| {
            Box::pin(async move {
                let mine = ada.create("Backend engineer", count).await;
                let interview_id = mine.id;
                let get = v1::GetInterviewRequest { interview_id };
                prop_assert!(ada.interviews().get_interview(ada.ask(get)).await.is_ok());
                let refused = match rpc {
                    0 => bob.interviews().get_interview(bob.ask(get)).await.err(),
                    1 => {
                        let delete = v1::DeleteInterviewRequest { interview_id };
                        bob.interviews().delete_interview(bob.ask(delete)).await.err()
                    }
                    2 => bob.report(interview_id).await.err(),
                    _ => bob.submit(&mine, 0, "An answer to somebody else's question.").await.err(),
                };
                let refused = refused.unwrap();
                prop_assert_eq!(refused.code(), Code::PermissionDenied);
                prop_assert_eq!(refused.message(), "Access denied");
                Ok(())
            })
        },
    );
}

#[test]
fn an_ordinary_interview_has_exactly_num_questions_questions_besides_follow_ups() {
    holds(
        (1i32..=10, proptest::collection::vec(0usize..12, 0..12), proptest::bool::ANY),
        |server| {
            Box::pin(async move {
                let ada = server.sign_up("ada").await;
                let me = ada.auth().get_me(ada.ask(v1::GetMeRequest {})).await.unwrap();
                let id = me.into_inner().user.unwrap().id;
                (ada, UserId::new(id))
            })
        },
        |server, (ada, user_id), (count, follows, is_real)| {
            Box::pin(async move {
                let made = if is_real {
                    real(ada, count).await
                } else {
                    ada.create("Backend engineer", count).await
                };
                let added = follows.len();
                for (place, number) in follows.into_iter().zip(1..) {
                    let now = read(ada, made.id).await;
                    let parent = now.questions[place % now.questions.len()].id;
                    let follow_up = NewFollowUp {
                        user_id: *user_id,
                        parent_id: QuestionId::new(parent),
                        text: format!("Follow-up {number}?"),
                        rubric: Rubric::default(),
                    };
                    let of_parent = now.questions.iter();
                    let of_parent = of_parent.filter(|one| one.parent_question_id == Some(parent));
                    // In real mode the interviewer follows up without being asked.
                    let done = if is_real {
                        let moment = server.store.now().await.unwrap();
                        server.store.interject(follow_up, of_parent.count(), moment).await.unwrap()
                    } else {
                        server.store.add_follow_up(follow_up, MOST_QUESTIONS).await.unwrap()
                    };
                    let FollowUpAdded::Added(question) = done else { panic!("{done:?}") };
                    prop_assert_eq!(question.parent_id.map(QuestionId::get), Some(parent));
                }
                let kept = read(ada, made.id).await;
                let follows = |question: &&v1::Question| question.parent_question_id.is_some();
                let own: Vec<_> = kept.questions.iter().filter(|one| !follows(one)).collect();
                prop_assert_eq!(own.len(), usize::try_from(count).unwrap());
                for (now, before) in own.iter().zip(&made.questions) {
                    prop_assert_eq!((now.id, &now.text), (before.id, &before.text));
                }
                prop_assert_eq!(kept.questions.len(), own.len() + added);
                for (question, order) in kept.questions.iter().zip(1..) {
                    prop_assert_eq!(question.order, order);
                }
                for pair in kept.questions.windows(2).filter(|pair| follows(&&pair[1])) {
                    let is_behind = pair[1].parent_question_id == Some(pair[0].id);
                    prop_assert!(is_behind || follows(&&pair[0]), "it follows its question");
                }
                Ok(())
            })
        },
    );
}

async fn read(person: &Person, interview_id: i64) -> v1::Interview {
    let request = person.ask(v1::GetInterviewRequest { interview_id });
    let reply = person.interviews().get_interview(request).await.unwrap();
    reply.into_inner().interview.unwrap()
}
