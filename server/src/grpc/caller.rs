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
        ServiceError, ServiceResult,
        callers::{Callers, check_scope, signed_in},
    },
    telemetry,
};

/// Whoever calls, by any credential that works. This or one of those below comes first in every
/// handler that needs a caller.
pub(super) async fn any<T>(callers: &Callers, request: &Request<T>) -> Result<Bearer, Status> {
    let credential = credential(request.metadata().as_ref()).map_err(status::of)?;
    let bearer = callers.authenticate(credential).await.map_err(status::of)?;
    telemetry::caller_is(bearer.user_id());
    limits::count(request, bearer.user_id())?;
    Ok(bearer)
}

/// Whoever says that they call, by a credential that could work: a key is looked up, but whether a
/// session lives is left to the statement that does what is asked for. A handler that begins with this
/// has every other refusal go through [`sound`], and every fault through [`failed`].
pub(super) async fn says<T>(callers: &Callers, request: &Request<T>) -> Result<Bearer, Status> {
    let credential = credential(request.metadata().as_ref()).map_err(status::of)?;
    let bearer = callers.recognise(credential).await.map_err(status::of)?;
    telemetry::caller_is(bearer.user_id());
    match limits::count(request, bearer.user_id()) {
        Ok(()) => Ok(bearer),
        Err(too_many) => {
            is_live(callers, bearer).await?;
            Err(too_many)
        }
    }
}

/// The same, if they may do what needs that scope.
pub(super) async fn says_with<T>(
    scope: Scope,
    callers: &Callers,
    request: &Request<T>,
) -> Result<Bearer, Status> {
    let bearer = says(callers, request).await?;
    check_scope(bearer, scope).map_err(status::of)?;
    Ok(bearer)
}

async fn is_live(callers: &Callers, bearer: Bearer) -> Result<(), Status> {
    match callers.is_live(bearer).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(status::of(ServiceError::TokenInvalid)),
        Err(error) => Err(status::of(error)),
    }
}

/// What was asked for, if the rules allow it; who calls is asked before what is wrong with it.
pub(super) async fn sound<T, V>(
    callers: &Callers,
    request: &Request<T>,
    bearer: Bearer,
    asked: ServiceResult<V>,
) -> Result<V, Status> {
    match asked {
        Ok(asked) => Ok(asked),
        Err(error) => {
            if let Err(ended) = is_live(callers, bearer).await {
                limits::give_back(request, bearer.user_id());
                return Err(ended);
            }
            Err(status::of(error))
        }
    }
}

/// The fault of a call. One by a session that has ended does not count for its account.
pub(super) fn failed<T>(request: &Request<T>, bearer: Bearer, error: ServiceError) -> Status {
    if matches!(error, ServiceError::TokenInvalid) {
        limits::give_back(request, bearer.user_id());
    }
    status::of(error)
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
