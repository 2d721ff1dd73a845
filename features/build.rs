//! Empty: it only makes Cargo build the build dependencies in `Cargo.toml`.
fn main() {}
