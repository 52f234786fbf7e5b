//! Which office document something is, and what LibreOffice calls it.

use serde::{Deserialize, Serialize};

use crate::tools::Tool;

/// A document that LibreOffice reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flavor {
    Docx,
    Xlsx,
    Pptx,
    Doc,
    Xls,
    Ppt,
    Odt,
    Ods,
    Odp,
    Odg,
    Rtf,
    Csv,
    Text,
}

impl Flavor {
    pub(crate) fn tool(self) -> Tool {
        match self {
            Self::Docx | Self::Doc | Self::Odt | Self::Rtf | Self::Text => Tool::Writer,
            Self::Xlsx | Self::Xls | Self::Ods | Self::Csv => Tool::Calc,
            Self::Pptx | Self::Ppt | Self::Odp | Self::Odg => Tool::Impress,
        }
    }

    /// The filter that reads it. Always named, so that LibreOffice does not look for itself and find something
    /// else that a file might be.
    pub(crate) fn reader(self) -> &'static str {
        match self {
            Self::Docx => "MS Word 2007 XML",
            Self::Xlsx => "Calc MS Excel 2007 XML",
            Self::Pptx => "Impress MS PowerPoint 2007 XML",
            Self::Doc => "MS Word 97",
            Self::Xls => "MS Excel 97",
            Self::Ppt => "MS PowerPoint 97",
            Self::Odt => "writer8",
            Self::Ods => "calc8",
            Self::Odp => "impress8",
            Self::Odg => "draw8",
            Self::Rtf => "Rich Text Format",
            // Separated by comma, semicolon or tabulator, quoted by ", UTF-8, from row 1.
            Self::Csv => "Text - txt - csv (StarCalc):44/59/9,34,76,1",
            Self::Text => "Text (encoded):UTF8",
        }
    }

    /// The filter that writes the PDF.
    pub(crate) fn writer(self) -> &'static str {
        match self {
            Self::Odg => "pdf:draw_pdf_Export",
            _ => match self.tool() {
                Tool::Calc => "pdf:calc_pdf_Export",
                Tool::Impress => "pdf:impress_pdf_Export",
                _ => "pdf:writer_pdf_Export",
            },
        }
    }
}
