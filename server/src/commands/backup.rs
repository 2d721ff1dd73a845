//! `viva-server backup`: a copy of the database while it is in use.

use std::path::Path;

use anyhow::Result;

use crate::{config::Config, storage::sqlite::back_up};

/// Copies the database as it is at this moment into a new file.
pub async fn backup(config: &Config, into: &Path) -> Result<()> {
    back_up(&config.database, into).await?;
    println!("{} is backed up in {}", config.database.display(), into.display());
    Ok(())
}
