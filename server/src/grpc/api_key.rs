//! API keys on the wire: drafts from requests, messages from keys.

use prost_types::Timestamp as WireTime;
use viva_proto::v1;

use super::convert::time;
use crate::{
    domain::{
        api_key::{ApiKey, ApiKeyDraft, Scope, Scopes, parse_expiry, parse_key_name},
        clock::Timestamp,
        violation::{Fault, Violations},
    },
    services::{ServiceError, ServiceResult},
};

/// The last second of the year 9999, where the wire's times end.
const END_OF_TIME: i64 = 253_402_300_799;

/// A key that is to be made.
pub(super) fn draft(
    request: &v1::CreateApiKeyRequest,
    now: Timestamp,
) -> ServiceResult<ApiKeyDraft> {
    let mut violations = Violations::new();
    let name = violations.check("name", parse_key_name(&request.name));
    let expiry = match &request.expires_at {
        None => Ok(None),
        Some(at) => moment(at).and_then(|at| parse_expiry(at, now)).map(Some),
    };
    let expires_at = violations.check("expires_at", expiry);
    let scopes = violations.check("scopes", scopes(&request.scopes));
    match (name, expires_at, scopes) {
        (Some(name), Some(expires_at), Some(scopes)) => {
            Ok(ApiKeyDraft { name, scopes, expires_at })
        }
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// Those that are asked for; where none is, all there are: a client that knows nothing of scopes
/// expects a key that works.
fn scopes(raw: &[i32]) -> Result<Scopes, Fault> {
    if raw.is_empty() {
        return Ok(Scopes::of(Scope::ALL));
    }
    let scopes = raw.iter().map(|raw| match v1::Scope::try_from(*raw) {
        Ok(v1::Scope::Read) => Ok(Scope::Read),
        Ok(v1::Scope::Practise) => Ok(Scope::Practise),
        Ok(v1::Scope::Grade) => Ok(Scope::Grade),
        Ok(v1::Scope::Unspecified) | Err(_) => {
            Err(Fault::from("Each scope must be read, practise or grade"))
        }
    });
    Ok(Scopes::of(scopes.collect::<Result<Vec<_>, _>>()?))
}

fn moment(at: &WireTime) -> Result<Timestamp, Fault> {
    let fault = || Fault::from("Expiry must be a time before the year 10000");
    if !(0..=END_OF_TIME).contains(&at.seconds) || !(0..1_000_000_000).contains(&at.nanos) {
        return Err(fault());
    }
    Ok(Timestamp::from_micros(at.seconds * 1_000_000 + i64::from(at.nanos) / 1000))
}

/// A scope by its name in the contract.
pub(super) fn scope_name(scope: Scope) -> &'static str {
    wire_scope(scope).as_str_name()
}

fn wire_scope(scope: Scope) -> v1::Scope {
    match scope {
        Scope::Read => v1::Scope::Read,
        Scope::Practise => v1::Scope::Practise,
        Scope::Grade => v1::Scope::Grade,
    }
}

/// A key without its secret.
pub(super) fn message(key: ApiKey) -> v1::ApiKey {
    v1::ApiKey {
        id: key.id.get(),
        scopes: key.scopes.list().map(|scope| wire_scope(scope).into()).collect(),
        name: key.name,
        prefix: key.prefix,
        created_at: Some(time(key.created_at)),
        expires_at: key.expires_at.map(time),
        last_used_at: key.last_used_at.map(time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn request(seconds: i64, nanos: i32, scopes: &[i32]) -> v1::CreateApiKeyRequest {
        let expires_at = Some(WireTime { seconds, nanos });
        v1::CreateApiKeyRequest { name: "ci".into(), expires_at, scopes: scopes.to_vec() }
    }

    fn fields(request: &v1::CreateApiKeyRequest) -> Vec<&'static str> {
        match draft(request, NOW) {
            Err(ServiceError::Validation(violations)) => {
                violations.list().iter().map(|violation| violation.field).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_time_that_is_past_or_none_at_all_is_the_expiry_s_fault() {
        for (seconds, nanos) in [
            (1_799_999_999, 0),
            (1_800_000_000, 0),
            (-1, 0),
            (i64::MAX, 0),
            (1_900_000_000, -1),
            (1_900_000_000, 1_000_000_000),
        ] {
            assert_eq!(fields(&request(seconds, nanos, &[])), ["expires_at"], "{seconds} {nanos}");
        }
        let good = draft(&request(1_800_000_000, 1000, &[]), NOW).unwrap();
        assert_eq!(good.expires_at, Some(Timestamp::from_micros(1_800_000_000_000_001)));
    }

    #[test]
    fn everything_wrong_with_a_key_is_told_at_once() {
        let bad = v1::CreateApiKeyRequest { name: "\n".into(), ..request(0, 0, &[1, 77]) };
        assert_eq!(fields(&bad), ["name", "expires_at", "scopes"]);
        assert_eq!(fields(&request(1_900_000_000, 0, &[0])), ["scopes"]);
    }

    #[test]
    fn who_asks_for_no_scope_gets_all_and_else_what_was_asked_for() {
        let scopes =
            |scopes: &[i32]| draft(&request(1_900_000_000, 0, scopes), NOW).unwrap().scopes;
        assert_eq!(scopes(&[]), Scopes::of(Scope::ALL));
        assert_eq!(scopes(&[3, 3]), Scopes::of([Scope::Grade]));
    }
}
