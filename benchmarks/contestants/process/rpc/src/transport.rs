//! Messages in bincode, each preceded by its length.

use tarpc::serde::{Deserialize, Serialize};
use tokio::net::UnixStream;
use tokio_serde::formats::Bincode;
use tokio_util::codec::LengthDelimitedCodec;

/// The codec's default limit is less than a million numbers.
const LONGEST: usize = 64 << 20;

/// Receives `Item`s from the other side and sends `SinkItem`s to it.
pub type Transport<Item, SinkItem> = tarpc::serde_transport::Transport<UnixStream, Item, SinkItem, Bincode<Item, SinkItem>>;

/// Creates a transport over a connected socket. Must be called on a runtime.
pub fn over<Item, SinkItem>(socket: std::os::unix::net::UnixStream) -> std::io::Result<Transport<Item, SinkItem>>
where
    Item: for<'de> Deserialize<'de>,
    SinkItem: Serialize,
{
    socket.set_nonblocking(true)?;
    let mut codec = LengthDelimitedCodec::builder();
    let framed = codec.max_frame_length(LONGEST).new_framed(UnixStream::from_std(socket)?);
    Ok(tarpc::serde_transport::new(framed, Bincode::default()))
}
