//! The terminal app of Viva.

fn main() {}
