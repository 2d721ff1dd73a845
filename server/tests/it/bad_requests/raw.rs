//! Calls any RPC by its name with a message given as JSON.

use bytes::{Buf, BufMut, Bytes};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage};
use serde_json::Value;
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    transport::Channel,
};

/// Passes bytes through unchanged.
#[derive(Default, Clone, Copy)]
pub(crate) struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}

/// The request's bytes, and whether its reply is a stream.
pub(crate) fn encode(method: &str, message: &Value) -> (Bytes, bool) {
    let (service, rpc) = method.split_once('/').unwrap();
    let pool = DescriptorPool::decode(viva_proto::FILE_DESCRIPTOR_SET).unwrap();
    let service = pool.get_service_by_name(service).unwrap();
    let descriptor = service.methods().find(|known| known.name() == rpc).unwrap();
    let body = DynamicMessage::deserialize(descriptor.input(), message).unwrap();
    (body.encode_to_vec().into(), descriptor.is_server_streaming())
}

/// Calls `viva.v1.Service/Rpc`; a stream is read to its first event.
pub(crate) async fn call(
    channel: &Channel,
    method: &str,
    message: &Value,
    authorization: Option<&str>,
) -> Result<(), Status> {
    exchange(channel, method, message, authorization, false).await
}

/// As [`call`], but a stream is read to its end.
pub(crate) async fn call_to_end(
    channel: &Channel,
    method: &str,
    message: &Value,
    authorization: Option<&str>,
) -> Result<(), Status> {
    exchange(channel, method, message, authorization, true).await
}

async fn exchange(
    channel: &Channel,
    method: &str,
    message: &Value,
    authorization: Option<&str>,
    to_end: bool,
) -> Result<(), Status> {
    let (body, is_stream) = encode(method, message);
    let mut request = Request::new(body);
    if let Some(value) = authorization {
        request.metadata_mut().insert("authorization", value.parse().unwrap());
    }
    let mut client = Grpc::new(channel.clone());
    client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let path = format!("/{method}").parse().unwrap();
    if is_stream {
        let mut stream = client.server_streaming(request, path, Raw).await?.into_inner();
        while stream.message().await?.is_some() && to_end {}
    } else {
        client.unary(request, path, Raw).await?;
    }
    Ok(())
}
