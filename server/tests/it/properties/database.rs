//! Property 23.

use proptest::prop_assert_eq;
use tonic::Code;
use viva_proto::v1;

use super::holds;
use crate::support::{PASSWORD, reason};

#[test]
fn property_23_database_connection_error_handling() {
    holds(
        0usize..7,
        |server| {
            Box::pin(async move {
                let ada = server.sign_up("ada").await;
                let interview = ada.create("Backend engineer", 1).await;
                // From here on, the database is permanently unreachable.
                server.store.close().await;
                (ada, interview)
            })
        },
        |server, (ada, interview), rpc| {
            Box::pin(async move {
                let failed = match rpc {
                    0 => server.sign_in("ada", PASSWORD).await.err(),
                    1 => {
                        let request = v1::RegisterRequest {
                            username: "bob".into(),
                            email: "bob@corpus.example".into(),
                            password: PASSWORD.into(),
                        };
                        server.auth().register(request).await.err()
                    }
                    2 => {
                        let request = v1::RefreshRequest { refresh_token: "any".into() };
                        server.auth().refresh(request).await.err()
                    }
                    3 => ada.auth().get_me(ada.ask(v1::GetMeRequest {})).await.err(),
                    4 => ada.submit(interview, 0, "An answer that cannot be kept.").await.err(),
                    5 => ada.report(interview.id).await.err(),
                    _ => {
                        let request = v1::ListInterviewsRequest::default();
                        ada.interviews().list_interviews(ada.ask(request)).await.err()
                    }
                };
                let failed = failed.unwrap();
                prop_assert_eq!(failed.code(), Code::Unavailable);
                prop_assert_eq!(failed.message(), "Database temporarily unavailable");
                prop_assert_eq!(reason(&failed), "DATABASE_UNAVAILABLE");
                Ok(())
            })
        },
    );
}
