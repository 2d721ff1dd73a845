#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| viva_fuzz_checks::run("json_request", input));
