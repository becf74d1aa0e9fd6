//! Messages in bincode, each with its length before it.

use tarpc::serde::{Deserialize, Serialize};
use tokio::net::UnixStream;
use tokio_serde::formats::Bincode;
use tokio_util::codec::LengthDelimitedCodec;

/// A million numbers are more than the codec would take by itself.
const LONGEST: usize = 64 << 20;

/// Takes `Item`s from the other side and sends it `SinkItem`s.
pub type Transport<Item, SinkItem> = tarpc::serde_transport::Transport<UnixStream, Item, SinkItem, Bincode<Item, SinkItem>>;

/// A transport over a connected socket, which must be on a runtime.
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
