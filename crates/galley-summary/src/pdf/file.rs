//! The file as such: objects that are written as they come, and the table of where they are.

use pdf_writer::{Chunk, Ref};
use std::io::{self, Write};

/// A PDF on its way to somewhere.
pub(super) struct Objects<W> {
    out: W,
    at: u64,
    offsets: Vec<u64>,
}

impl<W: Write> Objects<W> {
    pub fn new(mut out: W) -> io::Result<Objects<W>> {
        let head = b"%PDF-1.7\n%\x80\x81\x82\x83\n";
        out.write_all(head)?;
        Ok(Objects { out, at: head.len() as u64, offsets: Vec::new() })
    }

    /// Names an object that is written later.
    pub fn id(&mut self) -> Ref {
        self.offsets.push(0);
        Ref::new(i32::try_from(self.offsets.len()).unwrap_or(i32::MAX))
    }

    /// Writes an object. `write` puts this one and no other into the chunk.
    pub fn put(&mut self, id: Ref, write: impl FnOnce(&mut Chunk)) -> io::Result<()> {
        let mut chunk = Chunk::new();
        write(&mut chunk);
        debug_assert_eq!(chunk.refs().collect::<Vec<_>>(), [id], "one object at a time");
        if let Some(offset) = usize::try_from(id.get() - 1).ok().and_then(|at| self.offsets.get_mut(at)) {
            *offset = self.at;
        }
        self.out.write_all(chunk.as_bytes())?;
        self.at += chunk.len() as u64;
        Ok(())
    }

    /// Writes the table and the end.
    pub fn finish(mut self, root: Ref, info: Ref) -> io::Result<()> {
        let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", self.offsets.len() + 1);
        for offset in &self.offsets {
            let entry = match offset {
                0 => "0000000000 65535 f\r\n".to_owned(),
                offset => format!("{offset:010} 00000 n\r\n"),
            };
            table.push_str(&entry);
        }
        table.push_str(&format!(
            "trailer\n<< /Size {} /Root {} 0 R /Info {} 0 R >>\nstartxref\n{}\n%%EOF\n",
            self.offsets.len() + 1,
            root.get(),
            info.get(),
            self.at
        ));
        self.out.write_all(table.as_bytes())?;
        self.out.flush()
    }
}
