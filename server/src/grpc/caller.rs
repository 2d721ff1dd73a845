//! Who calls: the credential in a request's metadata.

use tonic::{Request, Status, metadata::MetadataMap};

use super::{limits, status};
use crate::{
    domain::account::Caller,
    services::{ServiceError, accounts::Accounts},
    telemetry,
};

/// The caller of a request. This comes first in every handler that needs one.
pub(super) async fn of<T>(accounts: &Accounts, request: &Request<T>) -> Result<Caller, Status> {
    let token = bearer(request.metadata()).map_err(status::of)?;
    let caller = accounts.authenticate(token).await.map_err(status::of)?;
    telemetry::caller_is(caller.user_id);
    limits::count(request, caller.user_id)?;
    Ok(caller)
}

/// The token of `authorization: Bearer TOKEN`; the scheme's case does not matter (RFC 9110).
fn bearer(metadata: &MetadataMap) -> Result<&str, ServiceError> {
    let value = metadata.get("authorization").ok_or(ServiceError::CredentialMissing)?;
    let text = value.to_str().map_err(|_| ServiceError::TokenInvalid)?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(ServiceError::TokenInvalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_header(value: &str) -> Result<String, ServiceError> {
        let mut metadata = MetadataMap::new();
        metadata.insert("authorization", value.parse().unwrap());
        bearer(&metadata).map(ToOwned::to_owned)
    }

    #[test]
    fn the_token_follows_the_scheme_in_any_case() {
        assert_eq!(of_header("Bearer abc").unwrap(), "abc");
        assert_eq!(of_header("bearer  abc").unwrap(), "abc");
        assert!(matches!(of_header("abc"), Err(ServiceError::TokenInvalid)));
        assert!(matches!(of_header("Basic abc"), Err(ServiceError::TokenInvalid)));
    }

    #[test]
    fn no_header_is_a_missing_credential() {
        assert!(matches!(bearer(&MetadataMap::new()), Err(ServiceError::CredentialMissing)));
    }
}
