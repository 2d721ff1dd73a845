//! Has the page embedded anew when it was built anew. It is built by `scripts/build-web`, not here.

use std::path::Path;

fn main() {
    // A folder that is not there would count as changed with every build. While there is no page,
    // the folder that it will be made in is watched: it changes with what is made in it.
    let watched = ["ui/dist", "ui", "build.rs"];
    let there = watched.iter().find(|path| Path::new(path).exists());
    println!("cargo:rerun-if-changed={}", there.unwrap_or(&"build.rs"));
}
