//! Reads settings: environment variables first, then the TOML file with the same names in lower
//! case, then defaults. All bad values are reported together, each by name with what is expected.

pub mod address;
mod data_folder;
mod log;
pub mod masked;
pub mod names;
mod reader;
mod transport;

pub use data_folder::data_folder;
pub use log::{LogConfig, LogFormat};
pub use reader::{ConfigError, ConfigErrors, Reader};
pub use transport::TransportConfig;
