//! Who may call what: every RPC of the contract with every kind of credential. The RPCs come from
//! the descriptor set, so an RPC without a row in the table fails here, as does a row without an
//! RPC. How to add one: ARCHITECTURE.md, "An RPC".

pub(crate) mod table;
mod world;

use prost_reflect::DescriptorPool;
use tonic::{Code, Status};

use crate::support::reason;
use table::{Access, Row, TABLE};
use world::World;

/// The result of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It is served.
    Served,
    /// UNAUTHENTICATED, with this reason.
    Unknown(&'static str),
    /// PERMISSION_DENIED, with this reason.
    Denied(&'static str),
}

use Outcome::{Denied, Served, Unknown};

const MISSING: Outcome = Unknown("CREDENTIAL_MISSING");
const INVALID: Outcome = Unknown("TOKEN_INVALID");
const EXPIRED: Outcome = Unknown("TOKEN_EXPIRED");

fn is(outcome: Outcome, got: &Result<(), Status>) -> bool {
    let (code, why) = match got {
        Ok(()) => (Code::Ok, String::new()),
        Err(status) => (status.code(), reason(status)),
    };
    match outcome {
        Served => code == Code::Ok,
        Unknown(reason) => (code, why.as_str()) == (Code::Unauthenticated, reason),
        Denied(reason) => (code, why.as_str()) == (Code::PermissionDenied, reason),
    }
}

/// The expected result of a call with a key that has exactly this scope.
fn with_scope(row: &Row, scope: &str) -> Outcome {
    match row.access {
        Access::Open | Access::Any => Served,
        Access::SignedIn => Denied("ACCESS_DENIED"),
        Access::Scope(needed) if needed == scope => Served,
        Access::Scope("SCOPE_READ") if scope == "SCOPE_PRACTISE" => Served,
        Access::Scope(_) => Denied("SCOPE_MISSING"),
    }
}

/// The expected result of a call with a credential that is rejected in this way; open RPCs need none.
fn refused(row: &Row, outcome: Outcome) -> Outcome {
    if row.access == Access::Open { Served } else { outcome }
}

/// All RPCs of the contract.
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
fn the_table_has_exactly_the_rpcs_of_the_contract() {
    let mut rows: Vec<_> = TABLE.iter().map(|row| format!("viva.v1.{}", row.rpc)).collect();
    let mut rpcs = rpcs();
    rows.sort();
    rpcs.sort();
    assert_eq!(rows, rpcs, "a row of server/tests/it/authorisation/table.rs for each RPC");
}

#[tokio::test]
async fn every_rpc_serves_exactly_its_intended_callers() {
    let world = World::new().await;
    let mut wrong = Vec::new();
    for row in &TABLE {
        let strangers = if row.is_of_an_account { Denied("ACCESS_DENIED") } else { Served };
        let [deleted_token, deleted_key] = world.deleted.clone();
        let calls = [
            ("no credential", None, refused(row, MISSING)),
            ("garbage", Some("not.a.token".to_owned()), refused(row, INVALID)),
            ("a malformed key", Some("viva_abc".to_owned()), refused(row, INVALID)),
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
            if !is(expected, &got) {
                wrong.push(format!("{} by {who}: not {expected:?} but {got:?}", row.rpc));
            }
            if got.is_ok() {
                // Its target may be gone or changed.
                message = world.fill(row).await;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_caller_is_checked_before_the_request() {
    let world = World::new().await;
    for row in TABLE.iter().filter(|row| row.access != Access::Open) {
        // Hardly anything in it is valid, and nothing it names exists.
        let message = (row.malformed)();
        let got = world.call(row, &message, None).await;
        assert!(is(MISSING, &got), "{} {got:?}", row.rpc);
        if let Access::Scope(needed) = row.access {
            let lacking = world.keys.iter().zip(["SCOPE_READ", "SCOPE_PRACTISE", "SCOPE_GRADE"]);
            let mut lacking = lacking.filter(|(_, scope)| with_scope(row, scope) != Served);
            let (key, _) = lacking.next().unwrap();
            let got = world.call(row, &message, Some(key)).await;
            assert!(is(Denied("SCOPE_MISSING"), &got), "{} needs {needed}: {got:?}", row.rpc);
        }
    }
}
