//! `viva-server backup`: a copy of the database while it is in use.

use std::path::Path;

use anyhow::Result;

use crate::{
    config::{Config, DatabasePlace},
    storage::sqlite::back_up,
};

/// Copies the database as it is at this moment into a new file.
pub async fn backup(config: &Config, into: &Path) -> Result<()> {
    let DatabasePlace::Sqlite(file) = &config.database.place else {
        anyhow::bail!(
            "PostgreSQL has a program of its own for this: pg_dump; see docs/operations.md"
        );
    };
    back_up(file, into).await?;
    println!("{} is backed up in {}", file.display(), into.display());
    Ok(())
}
