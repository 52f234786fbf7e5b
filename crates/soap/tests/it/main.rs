//! The crate through its public interface.

mod answers;
mod captures;
mod envelope;
mod limits;
mod roundtrip;
mod sample;
mod values;
mod wsdl;
