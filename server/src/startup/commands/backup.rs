//! `viva-server backup`: copies the database, even while it is in use.

use std::path::Path;

use anyhow::Result;
use viva_runtime::output;

use crate::{
    config::{Config, DatabaseLocation},
    storage::sqlite::back_up,
};

/// Copies the current state of the database into a new file.
pub async fn backup(config: &Config, into: &Path) -> Result<()> {
    let DatabaseLocation::Sqlite(file) = &config.database.place else {
        anyhow::bail!(
            "this copies SQLite databases; for PostgreSQL use pg_dump (docs/operations.md)"
        );
    };
    back_up(file, into).await?;
    output::print(&format!("{} is backed up in {}\n", file.display(), into.display()))?;
    Ok(())
}
