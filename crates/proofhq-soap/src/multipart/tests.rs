use super::*;
use proptest::prelude::*;

/// Name, bytes and completeness of every part, and whether the body was complete.
type Parts = (Vec<(Option<String>, Vec<u8>, bool)>, Result<bool, Malformed>);

fn read(content_type: &str, chunks: &[&[u8]]) -> Parts {
    let mut parts: Vec<(Option<String>, Vec<u8>, bool)> = Vec::new();
    let mut events = Vec::new();
    let end = (|| {
        let mut parser = Parser::new(content_type)?;
        for chunk in chunks {
            parser.push(chunk, &mut events)?;
            assert!(parser.buffer.len() <= MAX_HEADERS + MAX_BOUNDARY + MAX_PADDING + 8 + chunk.len());
        }
        Ok(parser.finish(&mut events))
    })();
    for event in events {
        match event {
            Event::Part { filename } => parts.push((filename, Vec::new(), false)),
            Event::Data(bytes) => parts.last_mut().expect("a part").1.extend_from_slice(&bytes),
            Event::End => parts.last_mut().expect("a part").2 = true,
        }
    }
    (parts, end)
}

const TYPE: &str = "multipart/form-data; boundary=B";

fn one(body: &str) -> Parts {
    read(TYPE, &[body.as_bytes()])
}

fn file(name: &str, data: &str) -> (Option<String>, Vec<u8>, bool) {
    (Some(name.to_owned()), data.as_bytes().to_vec(), true)
}

#[test]
fn what_clients_send() {
    let head = "Content-Disposition: form-data; name=\"file1\"; filename=\"a.pdf\"";
    let ok = (vec![file("a.pdf", "x\r\ny")], Ok(true));
    for body in [
        format!("--B\r\n{head}\r\nContent-Type: application/pdf\r\n\r\nx\r\ny\r\n--B--\r\n"),
        format!("--B\r\n{head}\r\n\r\nx\r\ny\r\n--B--"),
        format!("--B\r\n{head}\r\n\r\nx\r\ny\r\n--B\r\n"),
        format!("--B\r\n{head}\r\n\r\nx\r\ny\r\n--B"),
        format!("--B \r\n{head}\r\n Content-Type: application/pdf\r\n\r\nx\r\ny\r\n--B\t--\r\n--B--"),
        format!("A preamble\r\n--Bx\r\n--B\r\n{head}\r\n\r\nx\r\ny\r\n--B--\r\nAn epilogue"),
        format!("--B\r\n  {head}\r\n\r\nx\r\ny\r\n--B--"),
        format!("--B\n{head}\n\nx\r\ny\n--B--\n"),
    ] {
        let (parts, end) = one(&body);
        if body.contains('\t') {
            assert_eq!(parts[0].1, b"x\r\ny\r\n--B\t--", "blanks before hyphens make no boundary");
        } else {
            assert_eq!((parts, end), ok, "{body:?}");
        }
    }
}

#[test]
fn names_of_files() {
    for (given, expected) in [
        ("form-data; name=x; filename=a.pdf", Some("a.pdf")),
        ("form-data; name=x; filename=\"a;b=\\\"c\\\".pdf\"", Some("a;b=\"c\".pdf")),
        ("form-data; filename=\"C:\\docs\\a.pdf\"; name=x", Some("C:\\docs\\a.pdf")),
        ("form-data; filename=\"a.pdf\"; filename*=UTF-8''Zo%C3%AB%20x.pdf", Some("Zoë x.pdf")),
        ("form-data; filename*=iso-8859-1''Zo%EB.pdf", Some("Zoë.pdf")),
        ("form-data; filename=\"a.pdf\"; filename*=UTF-8''%ZZ", Some("a.pdf")),
        ("form-data; filename=\"\"", Some("")),
        ("form-data; filename=\"open", Some("open")),
        ("form-data; name=\"field\"", None),
        ("form-data;\r\n filename=\"folded.pdf\"", Some("folded.pdf")),
    ] {
        let (parts, end) = one(&format!("--B\r\nContent-Disposition: {given}\r\n\r\nx\r\n--B--"));
        assert_eq!(parts, [(expected.map(str::to_owned), b"x".to_vec(), true)], "{given}");
        assert_eq!(end, Ok(true));
    }
    let latin = [b"--B\r\nContent-Disposition: form-data; filename=\"Zo\xEB\"\r\n\r\nx\r\n--B--".as_slice()];
    assert_eq!(read(TYPE, &latin).0[0].0.as_deref(), Some("Zoë"));
}

#[test]
fn several_parts_and_empty_ones() {
    let (parts, end) = one(concat!(
        "--B\r\nContent-Disposition: form-data; filename=1\r\n\r\n\r\n--B\r\n",
        "Content-Disposition: form-data; filename=2\r\n\r\n--B\r\n\r\nno header\r\n--B--",
    ));
    assert_eq!(parts, [file("1", ""), file("2", ""), (None, b"no header".to_vec(), true)]);
    assert_eq!(end, Ok(true));
}

#[test]
fn what_is_cut_off_is_known_to_be() {
    for body in ["", "--B", "--B\r\nContent-Disposition: form", "nothing at all"] {
        assert_eq!(one(body), (Vec::new(), Ok(false)), "{body:?}");
    }
    let (parts, end) = one("--B\r\nContent-Disposition: form-data; filename=1\r\n\r\nhalf of i");
    assert_eq!((parts[0].2, end), (false, Ok(false)));
}

#[test]
fn limits_hold() {
    assert!(Parser::new("text/xml").is_err());
    assert!(Parser::new("multipart/form-data").is_err());
    assert!(Parser::new("multipart/form-data; boundary=").is_err());
    assert!(Parser::new(&format!("multipart/form-data; boundary={}", "b".repeat(201))).is_err());
    assert!(Parser::new("Multipart/Form-Data; charset=utf-8; boundary=\"a b\"").is_ok());
    assert_eq!(one(&"x".repeat(MAX_PREAMBLE + 100)).1, Err(Malformed));
    assert_eq!(one(&format!("--B\r\nX: {}", "x".repeat(MAX_HEADERS))).1, Err(Malformed));
    let many = "--B\r\n\r\nx\r\n".repeat(MAX_PARTS + 1);
    assert_eq!(one(&many).1, Err(Malformed));
}

/// Bodies that look like bodies: pieces that matter to the parser, in any order.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = proptest::sample::select(vec![
        "--B",
        "--B--",
        "\r\n",
        "\n",
        "\r",
        "-",
        "--",
        " ",
        "B",
        "x",
        "\r\n--",
        "\r\n--B",
        "\r\n--B\r\n",
        "\r\n\r\n",
        "Content-Disposition: form-data; filename=\"a\"",
        "name",
        ":",
        ";",
    ]);
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #[test]
    fn however_it_is_split_it_reads_the_same(
        body in pieces(),
        start in any::<bool>(),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..20),
    ) {
        let body = if start { [b"--B\r\n".as_slice(), &body].concat() } else { body };
        let whole = read(TYPE, &[&body]);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
        cuts.extend([0, body.len()]);
        cuts.sort_unstable();
        let chunks: Vec<&[u8]> = cuts.windows(2).map(|pair| &body[pair[0]..pair[1]]).collect();
        prop_assert_eq!(&read(TYPE, &chunks), &whole);
        let bytes: Vec<&[u8]> = body.chunks(1).collect();
        prop_assert_eq!(&read(TYPE, &bytes), &whole);
    }

    #[test]
    fn what_is_written_reads_back(data in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let body = [
            b"--boundary0\r\nContent-Disposition: form-data; filename=\"f\"\r\n\r\n".as_slice(),
            &data,
            b"\r\n--boundary0--\r\n",
        ].concat();
        let (parts, end) = read("multipart/form-data; boundary=boundary0", &body.chunks(7).collect::<Vec<_>>());
        prop_assert_eq!(parts, vec![(Some("f".to_owned()), data, true)]);
        prop_assert_eq!(end, Ok(true));
    }

    #[test]
    fn nothing_panics(kind in ".*", body in proptest::collection::vec(any::<u8>(), 0..500)) {
        let _ = Parser::new(&kind);
        let _ = read(TYPE, &[&body]);
    }
}
