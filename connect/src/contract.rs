//! The contract by its descriptors: RPCs by their paths, and messages by their names.

use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, MessageDescriptor, MethodDescriptor};

/// The services that can be called, and the types of error details. The sets are compiled in, and
/// the tests read them.
static POOLS: LazyLock<[DescriptorPool; 3]> = LazyLock::new(|| {
    [
        viva_proto::FILE_DESCRIPTOR_SET,
        tonic_health::pb::FILE_DESCRIPTOR_SET,
        tonic_types::pb::FILE_DESCRIPTOR_SET,
    ]
    .map(|set| DescriptorPool::decode(set).unwrap_or_default())
});

/// Returns the RPC with this path, `/package.Service/Method`.
pub(crate) fn method(path: &str) -> Option<MethodDescriptor> {
    let (service, method) = path.strip_prefix('/')?.split_once('/')?;
    let service = POOLS.iter().find_map(|pool| pool.get_service_by_name(service))?;
    service.methods().find(|known| known.name() == method)
}

/// Returns the message with this full name.
pub(crate) fn message(name: &str) -> Option<MessageDescriptor> {
    POOLS.iter().find_map(|pool| pool.get_message_by_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rpc_is_found_by_its_path_and_nothing_else_is() {
        for (path, streams) in [
            ("/viva.v1.GradeService/GradeAnswer", false),
            ("/viva.v1.GradeService/GradeAnswers", true),
            ("/grpc.health.v1.Health/Check", false),
        ] {
            assert_eq!(method(path).unwrap().is_server_streaming(), streams, "{path}");
        }
        for other in ["", "/", "/viva.v1.GradeService", "/viva.v1.GradeService/Drop", "viva.v1/x"] {
            assert!(method(other).is_none(), "{other}");
        }
        assert!(message("google.rpc.BadRequest").is_some());
    }
}
