//! Who may call what: every RPC of the contract with every kind of credential. The RPCs come from the
//! descriptor set, so that one which is not in the table below fails here, as does a row without one.
//! How to add one: ARCHITECTURE.md, "An RPC".

pub(crate) mod table;
mod world;

use prost_reflect::DescriptorPool;
use tonic::{Code, Status};

use crate::support::reason;
use table::{Door, Row, TABLE};
use world::World;

/// What comes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It is served; or would be, were it one of those that are not offered yet.
    Served,
    /// UNAUTHENTICATED for that reason.
    Unknown(&'static str),
    /// PERMISSION_DENIED for that reason.
    Denied(&'static str),
}

use Outcome::{Denied, Served, Unknown};

const MISSING: Outcome = Unknown("CREDENTIAL_MISSING");
const INVALID: Outcome = Unknown("TOKEN_INVALID");
const EXPIRED: Outcome = Unknown("TOKEN_EXPIRED");

/// What this server does not offer yet: only this may be UNIMPLEMENTED, behind the same door.
const NOT_YET: &str = "InterviewService/AddFollowUp";

fn is(outcome: Outcome, row: &Row, got: &Result<(), Status>) -> bool {
    let (code, why) = match got {
        Ok(()) => (Code::Ok, String::new()),
        Err(status) => (status.code(), reason(status)),
    };
    match outcome {
        // What is not offered yet has no owner to ask about.
        Served | Denied("ACCESS_DENIED") if code == Code::Unimplemented && row.rpc == NOT_YET => {
            true
        }
        Served => code == Code::Ok,
        Unknown(reason) => (code, why.as_str()) == (Code::Unauthenticated, reason),
        Denied(reason) => (code, why.as_str()) == (Code::PermissionDenied, reason),
    }
}

/// What comes of calling with a key that has exactly this scope.
fn with_scope(row: &Row, scope: &str) -> Outcome {
    match row.door {
        Door::Open | Door::Any => Served,
        Door::SignedIn => Denied("ACCESS_DENIED"),
        Door::Scope(needed) if needed == scope => Served,
        Door::Scope("SCOPE_READ") if scope == "SCOPE_PRACTISE" => Served,
        Door::Scope(_) => Denied("SCOPE_MISSING"),
    }
}

/// What comes of calling with a credential that is refused so; open doors ask for none.
fn refused(row: &Row, outcome: Outcome) -> Outcome {
    if row.door == Door::Open { Served } else { outcome }
}

/// The RPCs that there are.
fn rpcs() -> Vec<String> {
    let pool = DescriptorPool::decode(viva_proto::FILE_DESCRIPTOR_SET).unwrap();
    let services = pool.services().filter(|service| service.package_name() == "viva.v1");
    services
        .flat_map(|service| {
            let name = service.full_name().to_owned();
            service.methods().map(|method| format!("{name}/{}", method.name())).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn the_table_has_every_rpc_and_no_other() {
    let mut rows: Vec<_> = TABLE.iter().map(|row| format!("viva.v1.{}", row.rpc)).collect();
    let mut rpcs = rpcs();
    rows.sort();
    rpcs.sort();
    assert_eq!(rows, rpcs, "a row of server/tests/it/authorisation/table.rs for each RPC");
}

#[tokio::test]
async fn every_rpc_serves_whom_it_is_for_and_nobody_else() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for row in &TABLE {
        let strangers = if row.is_of_an_account { Denied("ACCESS_DENIED") } else { Served };
        let [deleted_token, deleted_key] = world.deleted.clone();
        let calls = [
            ("no credential", None, refused(row, MISSING)),
            ("garbage", Some("not.a.token".to_owned()), refused(row, INVALID)),
            ("a key that is none", Some("viva_abc".to_owned()), refused(row, INVALID)),
            ("an expired token", Some(world.expired_token()), refused(row, EXPIRED)),
            ("an expired key", Some(world.expired_key.clone()), refused(row, EXPIRED)),
            ("a revoked key", Some(world.revoked_key.clone()), refused(row, INVALID)),
            ("a deleted account", Some(deleted_token), refused(row, INVALID)),
            ("a deleted account's key", Some(deleted_key), refused(row, INVALID)),
            ("somebody else", Some(world.token_for(row, "bob").await), strangers),
            ("a key to read", Some(world.keys[0].clone()), with_scope(row, "SCOPE_READ")),
            ("a key to practise", Some(world.keys[1].clone()), with_scope(row, "SCOPE_PRACTISE")),
            ("a key to grade", Some(world.keys[2].clone()), with_scope(row, "SCOPE_GRADE")),
            ("its owner", Some(world.token_for(row, "ada").await), Served),
        ];
        let mut message = world.fill(row).await;
        for (who, credential, expected) in calls {
            let got = world.call(row, &message, credential.as_deref()).await;
            if !is(expected, row, &got) {
                wrong.push(format!("{} by {who}: not {expected:?} but {got:?}", row.rpc));
            }
            if got.is_ok() {
                // What it was about may be gone or changed.
                message = world.fill(row).await;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn who_calls_is_asked_before_what_is_asked_for() {
    let world = World::new().await;
    for row in TABLE.iter().filter(|row| row.door != Door::Open) {
        // Next to nothing that is in it is right, and nothing that it names is there.
        let message = (row.rubbish)();
        let got = world.call(row, &message, None).await;
        assert!(is(MISSING, row, &got), "{} {got:?}", row.rpc);
        if let Door::Scope(needed) = row.door {
            let lacking = world.keys.iter().zip(["SCOPE_READ", "SCOPE_PRACTISE", "SCOPE_GRADE"]);
            let mut lacking = lacking.filter(|(_, scope)| with_scope(row, scope) != Served);
            let (key, _) = lacking.next().unwrap();
            let got = world.call(row, &message, Some(key)).await;
            assert!(is(Denied("SCOPE_MISSING"), row, &got), "{} needs {needed}: {got:?}", row.rpc);
        }
    }
}
