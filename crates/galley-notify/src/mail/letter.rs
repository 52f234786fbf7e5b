//! How a mail looks: one column of tables with the styles in place, which every mail program shows
//! alike, and the same as plain text.

use galley_model::{Branding, LogoSize, escape_html, message_html, message_text};

/// How the account of a mail shows itself.
#[derive(Clone, Debug)]
pub(super) struct Brand {
    /// What the account is called.
    pub name: String,
    /// Its logo: address, width and height as it is shown.
    pub logo: Option<(String, u32, u32)>,
    /// Ground of buttons, text on it, and text in the accent colour.
    pub accent: String,
    pub ink: String,
    pub text: String,
}

impl Default for Brand {
    fn default() -> Brand {
        let (accent, ink) = ("#3450e0".to_owned(), "#ffffff".to_owned());
        Brand { name: String::new(), logo: None, text: accent.clone(), accent, ink }
    }
}

impl Brand {
    /// `public_url` is where mail programs fetch the logo that did not come with the mail.
    pub(super) fn of(account: &str, branding: &Branding, public_url: &str) -> Brand {
        let logo = branding.logo.as_ref().and_then(|logo| {
            let image = logo.image(LogoSize::Email)?;
            let url = format!("{public_url}{}{}/email", super::LOGOS, logo.code);
            // Shown at half of its pixels: sharp on fine screens, and a band of at most 45 pixels.
            Some((url, image.width.div_ceil(2), image.height.div_ceil(2)))
        });
        let plain = Brand { name: branding.name_or(account).to_owned(), logo, ..Brand::default() };
        match branding.palettes().map(|palettes| palettes.light) {
            Some(light) => Brand {
                accent: light.accent.to_string(),
                ink: light.ink.to_string(),
                text: light.text.to_string(),
                ..plain
            },
            None => plain,
        }
    }
}

/// What a mail says.
#[derive(Clone, Debug, Default)]
pub(super) struct Letter {
    /// Whose it is, at the top.
    pub brand: Brand,
    /// One line.
    pub heading: String,
    /// Who did what, below it.
    pub lead: String,
    /// Somebody's own words, with a little markup.
    pub message: Option<String>,
    /// What was written on the proof, in whose name.
    pub quotes: Vec<(String, String)>,
    /// Address of a picture of the first page.
    pub thumbnail: Option<String>,
    /// Label and address of the one thing to do.
    pub button: Option<(String, String)>,
    /// Several things to look at: name, details, address.
    pub items: Vec<(String, String, String)>,
    /// Names and values.
    pub facts: Vec<(String, String)>,
    /// People on the proof: name, role, decision.
    pub people: Vec<(String, String, String)>,
    /// How many more there are.
    pub more_people: usize,
    /// A second thing to do.
    pub link: Option<(String, String)>,
    /// Why the recipient gets this.
    pub footer: String,
}

const FONT: &str = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const INK: &str = "#17181b";
const SOFT: &str = "#54565d";

/// A row of the one column.
fn row(padding: &str, inside: &str) -> String {
    format!("<tr><td class=\"cell\" style=\"padding:{padding}\">{inside}</td></tr>\n")
}

impl Letter {
    /// The HTML form.
    pub(super) fn html(&self) -> String {
        let Brand { accent, ink, text, .. } = &self.brand;
        let mut rows = row("28px 32px 0", &self.brand.html());
        rows += &row(
            "10px 32px 0",
            &format!(
                "<h1 style=\"margin:0;{FONT};font-size:22px;line-height:28px;font-weight:600;color:{INK};\
                 word-break:break-word\">{}</h1>",
                escape_html(&self.heading)
            ),
        );
        if !self.lead.is_empty() {
            rows += &row("8px 32px 0", &paragraph(SOFT, &escape_html(&self.lead)));
        }
        if let Some(message) = &self.message {
            rows += &row("20px 32px 0", &boxed(accent, &message_html(message)));
        }
        for (author, text) in &self.quotes {
            let inside = format!(
                "<div style=\"font-weight:600;padding-bottom:4px\">{}</div>{}",
                escape_html(author),
                escape_html(text).replace('\n', "<br>")
            );
            rows += &row("20px 32px 0", &boxed(accent, &inside));
        }
        if let (Some(picture), Some((_, url))) = (&self.thumbnail, &self.button) {
            rows += &row(
                "20px 32px 0",
                &format!(
                    "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\
                     <td align=\"center\" bgcolor=\"#ededea\" style=\"background:#ededea;border-radius:8px;padding:20px\">\
                     <a href=\"{}\"><img src=\"{}\" alt=\"First page\" width=\"240\" style=\"display:block;border:0;\
                     width:240px;max-width:100%;height:auto\"></a></td></tr></table>",
                    escape_html(url),
                    escape_html(picture)
                ),
            );
        }
        if let Some((label, url)) = &self.button {
            rows += &row(
                "24px 32px 0",
                &format!(
                    "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\
                     <td bgcolor=\"{accent}\" style=\"background:{accent};border-radius:8px\">\
                     <a href=\"{}\" style=\"display:inline-block;padding:13px 24px;{FONT};font-size:16px;\
                     line-height:20px;font-weight:600;color:{ink};text-decoration:none\">{}</a></td></tr></table>",
                    escape_html(url),
                    escape_html(label)
                ),
            );
        }
        for (name, details, url) in &self.items {
            rows += &row("16px 32px 0", &item(text, name, details, url));
        }
        if !self.facts.is_empty() {
            rows += &row("24px 32px 0", &self.facts_html());
        }
        if !self.people.is_empty() {
            rows += &row("24px 32px 0", &self.people_html());
        }
        if let Some((label, url)) = &self.link {
            let link =
                format!("<a href=\"{}\" style=\"color:{text}\">{}</a>", escape_html(url), escape_html(label));
            rows += &row("20px 32px 0", &paragraph(SOFT, &link));
        }
        rows += &row(
            "28px 32px 28px",
            &format!(
                "<div style=\"{FONT};font-size:12px;line-height:18px;color:#696b73;border-top:1px solid #e5e5e1;\
                 padding-top:16px\">{}</div>",
                escape_html(&self.footer)
            ),
        );
        let title = escape_html(&self.heading);
        let preview = escape_html(&self.lead);
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light\"><meta name=\"supported-color-schemes\" content=\"light\">\
             <title>{title}</title>\n\
             <style>body{{margin:0}}@media (max-width:480px){{.cell{{padding-left:20px!important;\
             padding-right:20px!important}}.outer{{padding:0!important}}}}</style></head>\n\
             <body style=\"margin:0;padding:0;background:#f3f3f1;-webkit-text-size-adjust:100%\">\n\
             <div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all\">{preview}</div>\n\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
             bgcolor=\"#f3f3f1\"><tr><td class=\"outer\" align=\"center\" style=\"padding:24px 12px\">\n\
             <table role=\"presentation\" width=\"560\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
             bgcolor=\"#ffffff\" style=\"width:100%;max-width:560px;background:#ffffff;border:1px solid #e5e5e1;\
             border-radius:12px;border-collapse:separate;text-align:left\">\n{rows}</table>\n\
             </td></tr></table>\n</body></html>\n"
        )
    }

    fn facts_html(&self) -> String {
        let mut rows = String::new();
        for (name, value) in &self.facts {
            rows += &format!(
                "<tr><td valign=\"top\" style=\"padding:4px 16px 4px 0;{FONT};font-size:14px;line-height:20px;\
                 color:#696b73;white-space:nowrap\">{}</td><td width=\"100%\" valign=\"top\" style=\"padding:4px 0;\
                 {FONT};font-size:14px;line-height:20px;color:{INK};word-break:break-word\">{}</td></tr>",
                escape_html(name),
                escape_html(value)
            );
        }
        format!(
            "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">{rows}</table>"
        )
    }

    fn people_html(&self) -> String {
        let mut rows = String::new();
        for (name, role, decision) in &self.people {
            rows += &format!(
                "<tr><td style=\"padding:6px 12px 6px 0;border-top:1px solid #ededea;{FONT};font-size:14px;\
                 line-height:20px;color:{INK};word-break:break-word\">{}<div style=\"font-size:12px;line-height:16px;\
                 color:#696b73\">{}</div></td><td align=\"right\" valign=\"top\" style=\"padding:6px 0;\
                 border-top:1px solid #ededea;{FONT};font-size:13px;line-height:20px;color:{SOFT};white-space:nowrap\">\
                 {}</td></tr>",
                escape_html(name),
                escape_html(role),
                escape_html(decision)
            );
        }
        if self.more_people > 0 {
            rows += &format!(
                "<tr><td colspan=\"2\" style=\"padding:6px 0;border-top:1px solid #ededea;{FONT};font-size:13px;\
                 line-height:20px;color:#696b73\">and {} more</td></tr>",
                self.more_people
            );
        }
        format!(
            "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\
             <tr><td colspan=\"2\" style=\"padding:0 0 6px;{FONT};font-size:13px;line-height:18px;font-weight:600;\
             color:{SOFT}\">Reviewers</td></tr>{rows}</table>"
        )
    }

    /// The same as plain text.
    pub(super) fn text(&self) -> String {
        let mut parts = vec![format!("{}\n{}", self.brand.name, self.heading)];
        if !self.lead.is_empty() {
            parts.push(self.lead.clone());
        }
        if let Some(message) = &self.message {
            parts.push(message_text(message));
        }
        for (author, text) in &self.quotes {
            parts.push(format!("{author}:\n{}", quoted(text)));
        }
        if let Some((label, url)) = &self.button {
            parts.push(format!("{label}:\n{url}"));
        }
        for (name, details, url) in &self.items {
            parts.push(format!("{name}\n{details}\n{url}"));
        }
        if !self.facts.is_empty() {
            let lines: Vec<String> =
                self.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            parts.push(lines.join("\n"));
        }
        if !self.people.is_empty() {
            let mut lines = vec!["Reviewers:".to_owned()];
            for (name, role, decision) in &self.people {
                lines.push(format!("- {name}, {role}: {decision}"));
            }
            if self.more_people > 0 {
                lines.push(format!("- and {} more", self.more_people));
            }
            parts.push(lines.join("\n"));
        }
        if let Some((label, url)) = &self.link {
            parts.push(format!("{label}:\n{url}"));
        }
        // What mail programs take for the start of a signature.
        format!("{}\n\n-- \n{}\n", parts.join("\n\n"), self.footer)
    }
}

impl Brand {
    /// The logo, or the name where there is none.
    fn html(&self) -> String {
        let name = escape_html(&self.name);
        match &self.logo {
            Some((url, width, height)) => format!(
                "<img src=\"{}\" alt=\"{name}\" width=\"{width}\" height=\"{height}\" style=\"display:block;border:0;\
                 max-width:100%;{FONT};font-size:13px;font-weight:600;color:{}\">",
                escape_html(url),
                self.text
            ),
            None => format!(
                "<div style=\"{FONT};font-size:13px;line-height:18px;font-weight:600;color:{}\">{name}</div>",
                self.text
            ),
        }
    }
}

fn paragraph(colour: &str, html: &str) -> String {
    format!(
        "<div style=\"{FONT};font-size:15px;line-height:22px;color:{colour};word-break:break-word\">{html}</div>"
    )
}

fn item(colour: &str, name: &str, details: &str, url: &str) -> String {
    format!(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"border:1px solid #e5e5e1;border-radius:8px;border-collapse:separate\"><tr>\
         <td style=\"padding:12px 16px;{FONT};font-size:15px;line-height:20px;color:{INK};word-break:break-word\">\
         <a href=\"{url}\" style=\"color:{INK};text-decoration:none;font-weight:600\">{}</a>\
         <div style=\"font-size:13px;line-height:18px;color:#696b73\">{}</div></td>\
         <td align=\"right\" style=\"padding:12px 16px 12px 0;white-space:nowrap;{FONT};font-size:14px\">\
         <a href=\"{url}\" style=\"color:{colour};font-weight:600;text-decoration:none\">Go to proof</a></td></tr></table>",
        escape_html(name),
        escape_html(details),
        url = escape_html(url)
    )
}

fn boxed(accent: &str, html: &str) -> String {
    format!(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\
         <td bgcolor=\"#f7f7f5\" style=\"background:#f7f7f5;border-left:3px solid {accent};border-radius:4px;\
         padding:12px 16px;{FONT};font-size:15px;line-height:22px;color:{INK};word-break:break-word\">{html}</td>\
         </tr></table>"
    )
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_what_people_wrote_is_markup() {
        let evil = "<script>alert(1)</script>\"'><img src=x>".to_owned();
        let letter = Letter {
            brand: Brand { name: evil.clone(), logo: Some((evil.clone(), 9, 9)), ..Brand::default() },
            heading: evil.clone(),
            lead: evil.clone(),
            message: Some(evil.clone()),
            quotes: vec![(evil.clone(), evil.clone())],
            thumbnail: Some(evil.clone()),
            button: Some((evil.clone(), evil.clone())),
            items: vec![(evil.clone(), evil.clone(), evil.clone())],
            facts: vec![(evil.clone(), evil.clone())],
            people: vec![(evil.clone(), evil.clone(), evil.clone())],
            more_people: 3,
            link: Some((evil.clone(), evil.clone())),
            footer: evil,
        };
        let html = letter.html();
        assert!(!html.contains("<script") && !html.contains("<img src=x"), "{html}");
        assert_eq!(html.matches("<img ").count(), 2);
        assert!(letter.text().contains("and 3 more"));
    }
}
