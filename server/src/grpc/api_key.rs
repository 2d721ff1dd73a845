//! API keys: converts requests to drafts, and keys to messages.

use prost_types::Timestamp as WireTime;
use viva_proto::v1;

use super::convert::time;
use crate::{
    domain::{
        api_key::{ApiKey, ApiKeyDraft, Scope, Scopes, parse_expiry, parse_key_name},
        clock::Timestamp,
        violation::{InvalidValue, Violations},
    },
    services::{ServiceError, ServiceResult},
};

/// The most scopes that a request may name, repeated ones included.
const MOST_SCOPES: usize = 100;

/// The last second of the year 9999, and of times on the wire.
const END_OF_TIME: i64 = 253_402_300_799;

/// Parses a request for a key.
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
    let scopes = scopes(&request.scopes, &mut violations);
    match (name, expires_at, scopes) {
        (Some(name), Some(expires_at), Some(scopes)) => {
            Ok(ApiKeyDraft { name, scopes, expires_at })
        }
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// Parses the requested scopes. Without any, the key gets all: a client that does not know scopes
/// expects a key that works.
fn scopes(raw: &[i32], violations: &mut Violations) -> Option<Scopes> {
    if raw.is_empty() {
        return Some(Scopes::of(Scope::ALL));
    }
    let most = (MOST_SCOPES, "At most 100 scopes can be given; each counts once");
    violations.check_each("scopes", raw, most, |raw| scope(*raw)).map(Scopes::of)
}

fn scope(raw: i32) -> Result<Scope, InvalidValue> {
    match v1::Scope::try_from(raw) {
        Ok(v1::Scope::Read) => Ok(Scope::Read),
        Ok(v1::Scope::Practise) => Ok(Scope::Practise),
        Ok(v1::Scope::Grade) => Ok(Scope::Grade),
        Ok(v1::Scope::Unspecified) | Err(_) => {
            Err("Each scope must be SCOPE_READ, SCOPE_PRACTISE or SCOPE_GRADE".into())
        }
    }
}

fn moment(at: &WireTime) -> Result<Timestamp, InvalidValue> {
    let fault = || InvalidValue::from("Expiry must be a time before the year 10000");
    if !(0..=END_OF_TIME).contains(&at.seconds) || !(0..1_000_000_000).contains(&at.nanos) {
        return Err(fault());
    }
    Ok(Timestamp::from_micros(at.seconds * 1_000_000 + i64::from(at.nanos) / 1000))
}

/// Returns a scope's name in the contract.
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

/// Converts a key, without its secret.
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

    fn fields(request: &v1::CreateApiKeyRequest) -> Vec<String> {
        match draft(request, NOW) {
            Err(ServiceError::Validation(violations)) => {
                violations.list().iter().map(|violation| violation.field.clone()).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_invalid_or_past_expiry_is_reported_by_its_field() {
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
    fn everything_wrong_with_a_key_is_reported_together() {
        let bad = v1::CreateApiKeyRequest { name: "\n".into(), ..request(0, 0, &[1, 77]) };
        assert_eq!(fields(&bad), ["name", "expires_at", "scopes[1]"]);
        assert_eq!(fields(&request(1_900_000_000, 0, &[0])), ["scopes[0]"]);
        assert_eq!(fields(&request(1_900_000_000, 0, &[1; 101])), ["scopes"]);
    }

    #[test]
    fn a_key_has_the_requested_scopes_or_by_default_all() {
        let scopes =
            |scopes: &[i32]| draft(&request(1_900_000_000, 0, scopes), NOW).unwrap().scopes;
        assert_eq!(scopes(&[]), Scopes::of(Scope::ALL));
        assert_eq!(scopes(&[3, 3]), Scopes::of([Scope::Grade]));
    }
}
