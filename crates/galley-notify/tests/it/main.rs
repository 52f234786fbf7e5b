//! What is told to whom, through real sockets and with a clock that tests set.

mod callbacks;
mod logins;
mod mail;
