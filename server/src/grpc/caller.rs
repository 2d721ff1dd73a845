//! Authenticates callers by the credential in a request's metadata, and checks what it allows.

use http::{HeaderMap, header::AUTHORIZATION};
use tonic::{Request, Status};

use super::{limits, status};
use crate::{
    domain::{
        account::Caller,
        api_key::{Bearer, Scope},
    },
    services::{
        Rejection, ServiceError, ServiceResult,
        callers::{Callers, check_scope, signed_in},
    },
    telemetry,
};

/// Returns the caller, by any credential that works. Every handler that needs a caller begins with
/// this function or one of those below.
pub(super) async fn any<T>(callers: &Callers, request: &Request<T>) -> Result<Bearer, Status> {
    let credential = credential(request.metadata().as_ref()).map_err(status::of)?;
    let bearer = callers.authenticate(credential).await.map_err(status::of)?;
    telemetry::caller_is(bearer.user_id());
    limits::count(request, bearer.user_id())?;
    Ok(bearer)
}

/// Returns the caller that the credential names. A key is looked up, but whether a session is still
/// open is left to the statement that does what the call asks for. A handler that begins with this
/// passes every other refusal through [`sound`], and every error through [`failed`].
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

/// Does the same, and checks that the credential has this scope.
pub(super) async fn says_with<T>(
    scope: Scope,
    callers: &Callers,
    request: &Request<T>,
) -> Result<Bearer, Status> {
    let bearer = says(callers, request).await?;
    check_scope(bearer, scope).map_err(status::of)?;
    Ok(bearer)
}

/// Does the same for RPCs that need a session: API keys are rejected.
pub(super) async fn says_of<T>(callers: &Callers, request: &Request<T>) -> Result<Caller, Status> {
    signed_in(says(callers, request).await?).map_err(status::of)
}

async fn is_live(callers: &Callers, bearer: Bearer) -> Result<(), Status> {
    match callers.is_live(bearer).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(status::of(ServiceError::ended(bearer))),
        Err(error) => Err(status::of(error)),
    }
}

/// Returns the parsed request; if it is invalid, checks the caller before returning the error.
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

/// Returns the status of a failed call. A call by an ended session does not count for its account.
pub(super) fn failed<T>(request: &Request<T>, bearer: Bearer, error: ServiceError) -> Status {
    if matches!(error, ServiceError::TokenInvalid(_)) {
        limits::give_back(request, bearer.user_id());
    }
    status::of(error)
}

/// Returns the caller, if the credential works and has this scope.
pub(super) async fn with<T>(
    scope: Scope,
    callers: &Callers,
    request: &Request<T>,
) -> Result<Bearer, Status> {
    let bearer = any(callers, request).await?;
    check_scope(bearer, scope).map_err(status::of)?;
    Ok(bearer)
}

/// Returns the caller of a session; API keys are rejected.
pub(super) async fn of<T>(callers: &Callers, request: &Request<T>) -> Result<Caller, Status> {
    signed_in(any(callers, request).await?).map_err(status::of)
}

/// Returns the token of `authorization: Bearer TOKEN`, with the scheme in any case (RFC 9110).
pub(super) fn credential(headers: &HeaderMap) -> Result<&str, ServiceError> {
    let value = headers.get(AUTHORIZATION).ok_or(ServiceError::CredentialMissing)?;
    let no_bearer = || ServiceError::TokenInvalid(Rejection::NoBearer);
    let text = value.to_str().map_err(|_| no_bearer())?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(no_bearer()),
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
        assert!(matches!(of_header("abc"), Err(ServiceError::TokenInvalid(Rejection::NoBearer))));
        assert!(matches!(
            of_header("Basic abc"),
            Err(ServiceError::TokenInvalid(Rejection::NoBearer))
        ));
    }

    #[test]
    fn without_a_header_the_credential_is_missing() {
        assert!(matches!(credential(&HeaderMap::new()), Err(ServiceError::CredentialMissing)));
    }
}
