//! Writes the seeds of a target into a folder: `viva-fuzz-checks TARGET FOLDER`.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [target, folder] = &arguments[..] else {
        return Err("usage: viva-fuzz-checks TARGET FOLDER".into());
    };
    fs::create_dir_all(folder)?;
    for (at, seed) in viva_fuzz_checks::seeds(target).iter().enumerate() {
        fs::write(Path::new(folder).join(format!("seed-{at}")), seed)?;
    }
    Ok(())
}
