//! Servers, roles, builders and clocks for Galley's tests
