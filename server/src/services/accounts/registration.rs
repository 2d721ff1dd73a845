//! Storing a new account.

use crate::{
    auth::password::HashingPermit,
    domain::{
        account::{Registration, User},
        clock::Timestamp,
    },
    services::{ServiceError, ServiceResult},
    storage::{
        Store,
        accounts::{NewUser, Registered},
    },
};

/// Stores a new account.
pub async fn add_user(
    store: &dyn Store,
    permit: &HashingPermit,
    registration: Registration,
    now: Timestamp,
) -> ServiceResult<User> {
    let password = registration.password.expose();
    let user = NewUser {
        username: registration.username.as_str().to_owned(),
        email: registration.email.as_str().to_owned(),
        hashed_password: permit.hash(password).await?,
        created_at: now,
    };
    match store.create_user(user).await? {
        Registered::User(user) => Ok(user),
        Registered::UsernameTaken => Err(ServiceError::UsernameTaken),
        Registered::EmailTaken => Err(ServiceError::EmailTaken),
    }
}
