//! The sample without its settings; `server/tests/it/samples.rs` runs it with them.

use std::process::Command;

#[test]
fn it_says_which_variable_to_set() {
    let output = Command::new(env!("CARGO_BIN_EXE_viva-sample")).env_clear().output().unwrap();
    assert!(!output.status.success());
    let complained = String::from_utf8(output.stderr).unwrap();
    assert!(complained.contains("please set VIVA_URL"), "{complained}");
}
