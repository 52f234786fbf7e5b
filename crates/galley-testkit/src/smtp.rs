//! A mail server on a real socket that keeps what it is given.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail that arrived.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// The login it came with, as sent.
    pub auth: Option<String>,
    /// Sender of the envelope.
    pub from: String,
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// Head and body as sent, dots removed.
    pub data: String,
}

impl Received {
    /// Lines of the head, unfolded.
    pub fn head(&self) -> Vec<String> {
        let head = self.data.split("\r\n\r\n").next().unwrap_or_default();
        head.replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n").map(str::to_owned).collect()
    }
}

/// Takes mails at an address of this machine. It ends with the test.
#[derive(Clone)]
pub struct SmtpSink {
    /// Host and port.
    pub address: String,
    state: Arc<Mutex<Sink>>,
}

#[derive(Default)]
struct Sink {
    received: Vec<Received>,
    answers: VecDeque<&'static str>,
}

impl SmtpSink {
    /// Opens a socket.
    pub async fn open() -> SmtpSink {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let address = listener.local_addr().expect("an address").to_string();
        let state: Arc<Mutex<Sink>> = Arc::default();
        let sink = state.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, sink.clone()));
            }
        });
        SmtpSink { address, state }
    }

    /// Answers the next recipients with these lines; later ones are welcome.
    pub fn answer(&self, lines: &[&'static str]) {
        self.state.lock().expect("the sink").answers.extend(lines);
    }

    /// What arrived since the last time, in order.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.state.lock().expect("the sink").received)
    }
}

async fn talk(stream: TcpStream, sink: Arc<Mutex<Sink>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink\r\n").await.ok()?;
    let mut mail = Received::default();
    loop {
        let line = line(&mut stream).await?;
        let word = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let address = || {
            let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
            inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
        };
        let answer = match word.as_str() {
            "EHLO" => "250-sink\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME".to_owned(),
            "AUTH" => {
                mail.auth = Some(line.clone());
                "235 welcome".to_owned()
            }
            "MAIL" => {
                mail.from = address();
                "250 good".to_owned()
            }
            "RCPT" => {
                mail.to.push(address());
                let answer = sink.lock().expect("the sink").answers.pop_front();
                answer.unwrap_or("250 good").to_owned()
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.ok()?;
                let mut data = String::new();
                loop {
                    let next = self::line(&mut stream).await?;
                    if next == "." {
                        break;
                    }
                    data.push_str(next.strip_prefix('.').unwrap_or(&next));
                    data.push_str("\r\n");
                }
                mail.data = data;
                sink.lock().expect("the sink").received.push(mail.clone());
                mail = Received { auth: mail.auth.clone(), ..Received::default() };
                "250 taken".to_owned()
            }
            "QUIT" => {
                stream.write_all(b"221 bye\r\n").await.ok()?;
                return None;
            }
            _ => "250 good".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let count = stream.read_line(&mut line).await.ok()?;
    (count > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}
