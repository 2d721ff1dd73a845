//! Moments in TIMESTAMPTZ columns. Both sides count whole microseconds, so nothing is lost, and no
//! calendar is needed.

use sqlx::{
    Decode, Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgTypeInfo, PgValueFormat, PgValueRef, types::Oid},
};

use crate::domain::clock::Timestamp;

/// The OID of TIMESTAMPTZ in every PostgreSQL.
const TIMESTAMPTZ: Oid = Oid(1184);

/// PostgreSQL counts from 2000-01-01 UTC, this many microseconds after 1970-01-01.
const EPOCH: i64 = 946_684_800_000_000;

/// A moment on its way into or out of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(pub(super) Timestamp);

impl Type<Postgres> for Moment {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(TIMESTAMPTZ)
    }
}

impl Encode<'_, Postgres> for Moment {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        // Our first and last moments become its infinities, before and after every other moment.
        let micros = match self.0.micros() {
            i64::MAX => i64::MAX,
            micros => micros.saturating_sub(EPOCH),
        };
        Encode::<Postgres>::encode(micros, buffer)
    }
}

impl Decode<'_, Postgres> for Moment {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        if value.format() != PgValueFormat::Binary {
            return Err("a moment was sent as text".into());
        }
        let micros = i64::from_be_bytes(value.as_bytes()?.try_into()?);
        Ok(Self(Timestamp::from_micros(micros.saturating_add(EPOCH))))
    }
}
