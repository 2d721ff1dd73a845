//! The name under which a call is counted and logged: that of a known RPC, or `other`. A path is
//! the caller's text, so the number of different paths is unlimited.

use std::{collections::BTreeSet, sync::LazyLock};

use viva_connect::contract;

/// The name for every path that is not a known RPC.
const OTHER: &str = "other";

/// The RPCs that are served, as `package.Service/Method`.
static RPCS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let reflection = [
        tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
    ];
    contract::rpcs().chain(reflection.into_iter().flat_map(contract::rpcs_of)).collect()
});

/// Returns the RPC of a path.
pub(super) fn of(path: &str) -> &'static str {
    let rpcs: &'static BTreeSet<String> = &RPCS;
    path.strip_prefix('/').and_then(|name| rpcs.get(name)).map_or(OTHER, String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_rpc_has_its_name_and_any_other_path_is_other() {
        assert_eq!(of("/viva.v1.AnswerService/SubmitAnswer"), "viva.v1.AnswerService/SubmitAnswer");
        assert_eq!(of("/grpc.health.v1.Health/Check"), "grpc.health.v1.Health/Check");
        for path in ["", "/", "viva.v1.AnswerService/SubmitAnswer", "/viva.v1.AnswerService/Drop"] {
            assert_eq!(of(path), OTHER, "{path}");
        }
    }
}
