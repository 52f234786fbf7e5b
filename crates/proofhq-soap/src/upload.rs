//! The answer of `upload.php`.
//!
//! It is no SOAP message. Clients of old read it by position: five elements an item in this order, and
//! no white space between root and first child.

use soap::escape_into;

/// Content type of the answer.
pub const CONTENT_TYPE: &str = "text/xml; charset=utf-8";

/// What became of one uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// Name of the file as sent.
    pub filename: String,
    /// What it was stored as, or why it was not.
    pub outcome: Result<StoredFile, UploadError>,
}

/// A file that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// What createProof takes as `Hash`.
    pub filehash: String,
    /// MD5 of the bytes, 32 hexadecimal digits.
    pub md5: String,
}

/// Why a file was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadError {
    /// Larger than allowed.
    TooLarge,
    /// Broken off or unreadable.
    Corrupted,
    /// No bytes at all.
    NoData,
    /// It could not be written.
    Storage,
}

impl UploadError {
    /// The number on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            UploadError::TooLarge => "1",
            UploadError::Corrupted => "3",
            UploadError::NoData => "4",
            UploadError::Storage => "7",
        }
    }

    /// The text on the wire.
    pub const fn text(self) -> &'static str {
        match self {
            UploadError::TooLarge => "Filesize exceeds allowed maximum file size",
            UploadError::Corrupted => "Corrupted file",
            UploadError::NoData => "No file data",
            UploadError::Storage => "System storage error",
        }
    }
}

/// Writes the answer: one item for every file, in the order of the upload.
pub fn write_answer(files: &[UploadedFile]) -> String {
    let mut out = String::from("<?xml version=\"1.0\"?>\n<result>");
    for file in files {
        let (filehash, md5, errorcode, errorstring) = match &file.outcome {
            Ok(stored) => (stored.filehash.as_str(), stored.md5.as_str(), "", ""),
            Err(error) => ("", "", error.code(), error.text()),
        };
        out.push_str("<item>");
        for (name, value) in [
            ("filehash", filehash),
            ("filename", &file.filename),
            ("md5", md5),
            ("errorcode", errorcode),
            ("errorstring", errorstring),
        ] {
            out.push_str(&format!("<{name}>"));
            escape_into(&mut out, value);
            out.push_str(&format!("</{name}>"));
        }
        out.push_str("</item>");
    }
    out.push_str("</result>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_in_order_with_all_five_elements() {
        let stored = StoredFile {
            filehash: "ffc50a5fdd43ff.046772a6b09987aa1".into(),
            md5: "3ffc6cab3a07cbca782431a8834ff975".into(),
        };
        let files = [
            UploadedFile { filename: "a & b.pdf".into(), outcome: Ok(stored) },
            UploadedFile { filename: "c.pdf".into(), outcome: Err(UploadError::NoData) },
        ];
        assert_eq!(
            write_answer(&files),
            concat!(
                "<?xml version=\"1.0\"?>\n<result><item><filehash>ffc50a5fdd43ff.046772a6b09987aa1</filehash>",
                "<filename>a &amp; b.pdf</filename><md5>3ffc6cab3a07cbca782431a8834ff975</md5>",
                "<errorcode></errorcode><errorstring></errorstring></item>",
                "<item><filehash></filehash><filename>c.pdf</filename><md5></md5>",
                "<errorcode>4</errorcode><errorstring>No file data</errorstring></item></result>",
            )
        );
    }
}
