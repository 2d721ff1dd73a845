//! Embeds the page again whenever it has been rebuilt. `scripts/build-web` builds it, not this.

use std::path::Path;

fn main() {
    // A missing folder would count as changed at every build. Without a page, this watches the
    // folder in which it will be created, which changes when it is.
    let watched = ["ui/dist", "ui", "build.rs"];
    let there = watched.iter().find(|path| Path::new(path).exists());
    println!("cargo:rerun-if-changed={}", there.unwrap_or(&"build.rs"));
}
