//! Properties 5 and 6.

use std::collections::HashSet;

use proptest::{prop_assert, prop_assert_eq};
use tonic::Code;
use viva_proto::v1;

use super::holds;

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
