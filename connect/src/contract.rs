//! The contract by its descriptors: RPCs by their paths, and messages by their names.

use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, MessageDescriptor, MethodDescriptor, ServiceDescriptor};

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

/// Returns the RPCs of the contract and of health, as `package.Service/Method`.
pub fn rpcs() -> impl Iterator<Item = String> {
    POOLS.iter().flat_map(names)
}

/// Returns the RPCs of an encoded set of descriptors, as `package.Service/Method`.
pub fn rpcs_of(set: &[u8]) -> Vec<String> {
    names(&DescriptorPool::decode(set).unwrap_or_default()).collect()
}

/// Returns whether the RPC with this path, `/package.Service/Method`, replies with a stream; `None`
/// if there is no such service. A method that a known service does not have yet counts as one with a
/// single reply.
pub fn is_stream(path: &str) -> Option<bool> {
    let (service, method) = parts(path)?;
    let mut methods = service.methods();
    Some(methods.any(|known| known.name() == method && known.is_server_streaming()))
}

/// Returns the RPC with this path, `/package.Service/Method`.
pub(crate) fn method(path: &str) -> Option<MethodDescriptor> {
    let (service, method) = parts(path)?;
    service.methods().find(|known| known.name() == method)
}

/// The service of a path, and the name of its method.
fn parts(path: &str) -> Option<(ServiceDescriptor, &str)> {
    let (service, method) = path.strip_prefix('/')?.split_once('/')?;
    Some((POOLS.iter().find_map(|pool| pool.get_service_by_name(service))?, method))
}

fn names(pool: &DescriptorPool) -> impl Iterator<Item = String> + use<> {
    let methods = pool.services().flat_map(|service| service.methods().collect::<Vec<_>>());
    let names =
        methods.map(|method| format!("{}/{}", method.parent_service().full_name(), method.name()));
    names.collect::<Vec<_>>().into_iter()
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
        assert!(rpcs().any(|name| name == "viva.v1.GradeService/GradeAnswers"));
    }

    #[test]
    fn only_the_services_of_the_contract_and_health_are_known() {
        assert_eq!(is_stream("/viva.v1.AuthService/Login"), Some(false));
        assert_eq!(is_stream("/viva.v1.AnswerService/WatchInterview"), Some(true));
        assert_eq!(is_stream("/viva.v1.AnswerService/OfTheNextVersion"), Some(false));
        assert_eq!(is_stream("/grpc.health.v1.Health/Watch"), Some(true));
        for other in [
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            "/viva.v1.AuthService",
            "/viva.v1/Login",
            "/",
            "",
        ] {
            assert_eq!(is_stream(other), None, "{other}");
        }
    }
}
