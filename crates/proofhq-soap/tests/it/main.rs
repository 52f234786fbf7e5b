//! The contract through its public interface.

mod contract;
mod dispatch;
mod wsdl;
