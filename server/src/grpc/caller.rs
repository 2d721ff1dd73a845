//! Who calls: the credential in a request's metadata, and whether it is enough.

use http::{HeaderMap, header::AUTHORIZATION};
use tonic::{Request, Status};

use super::{limits, status};
use crate::{
    domain::{
        account::Caller,
        api_key::{Bearer, Scope},
    },
    services::{
        ServiceError,
        callers::{Callers, check_scope, signed_in},
    },
    telemetry,
};

/// Whoever calls, by any credential that works. This or one of the two below comes first in every
/// handler that needs a caller.
pub(super) async fn any<T>(callers: &Callers, request: &Request<T>) -> Result<Bearer, Status> {
    let credential = credential(request.metadata().as_ref()).map_err(status::of)?;
    let bearer = callers.authenticate(credential).await.map_err(status::of)?;
    telemetry::caller_is(bearer.user_id());
    limits::count(request, bearer.user_id())?;
    Ok(bearer)
}

/// Whoever calls and may do what needs that scope.
pub(super) async fn with<T>(
    scope: Scope,
    callers: &Callers,
    request: &Request<T>,
) -> Result<Bearer, Status> {
    let bearer = any(callers, request).await?;
    check_scope(bearer, scope).map_err(status::of)?;
    Ok(bearer)
}

/// The caller, who must be signed in: no API key will do.
pub(super) async fn of<T>(callers: &Callers, request: &Request<T>) -> Result<Caller, Status> {
    signed_in(any(callers, request).await?).map_err(status::of)
}

/// The token of `authorization: Bearer TOKEN`; the scheme's case does not matter (RFC 9110).
pub(super) fn credential(headers: &HeaderMap) -> Result<&str, ServiceError> {
    let value = headers.get(AUTHORIZATION).ok_or(ServiceError::CredentialMissing)?;
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
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, value.parse().unwrap());
        credential(&headers).map(ToOwned::to_owned)
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
        assert!(matches!(credential(&HeaderMap::new()), Err(ServiceError::CredentialMissing)));
    }
}
