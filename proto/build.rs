//! Compiles the contract without protoc and keeps its descriptor set for reflection.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message;

const FILES: [&str; 7] = [
    "viva/v1/auth.proto",
    "viva/v1/interview.proto",
    "viva/v1/answer.proto",
    "viva/v1/report.proto",
    "viva/v1/grade.proto",
    "viva/v1/memory.proto",
    "viva/v1/server.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    for file in FILES {
        println!("cargo:rerun-if-changed={file}");
    }
    let descriptors = protox::compile(FILES, ["."])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("viva_descriptor.bin"), descriptors.encode_to_vec())?;
    // Messages get their names, by which the codec knows their weight.
    let mut config = tonic_prost_build::Config::new();
    config.enable_type_names();
    tonic_prost_build::configure()
        .codec_path("crate::bounded::BoundedCodec")
        .compile_fds_with_config(descriptors, config)?;
    Ok(())
}
