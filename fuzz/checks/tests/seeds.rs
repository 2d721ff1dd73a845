//! Every check holds for its seeds, and every check has a target.

use std::{fs, path::Path};

use viva_fuzz_checks::{CHECKS, run, seeds};
use viva_server::fuzzing;

#[test]
fn every_check_holds_for_its_seeds() {
    for (name, _) in CHECKS {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name} has no seeds");
        for seed in seeds {
            run(name, &seed);
        }
    }
}

#[test]
fn every_check_has_a_target_of_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for (name, _) in CHECKS {
        let target = fs::read_to_string(folder.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(target.contains(&format!("run(\"{name}\"")), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}

/// A check whose seeds are all rejected as invalid would test nothing.
#[test]
fn some_seeds_of_each_target_are_valid() {
    let any = |target, passes: fn(&str) -> bool| {
        seeds(target).iter().any(|seed| passes(str::from_utf8(seed).unwrap()))
    };
    assert!(any("bank_file", |text| fuzzing::bank_file("fuzz.toml", text).is_ok()));
    assert!(any("evaluation_reply", |text| fuzzing::completion(text).is_some()));
    assert!(any("evaluation_reply", |text| fuzzing::evaluation(text).is_some()));
    assert!(any("question_reply", |text| fuzzing::questions(text).is_some()));
    assert!(any("retry_after", |text| fuzzing::retry_after(text).is_some()));
}
