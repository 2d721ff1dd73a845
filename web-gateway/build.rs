//! Has the page embedded anew when it was built anew. It is built by `scripts/build-web`, not here.

use std::path::Path;

fn main() {
    // A folder that is not there would count as changed with every build; made when it comes.
    let page = Path::new("ui/dist");
    let watched = if page.is_dir() { page } else { Path::new("build.rs") };
    println!("cargo:rerun-if-changed={}", watched.display());
    // The folder's own time changes when the page is built for the first time.
    if !page.is_dir() && Path::new("ui").is_dir() {
        println!("cargo:rerun-if-changed=ui/package.json");
    }
}
