//! Words of texts, for finding things by them.

/// Longest word that is told from others, in characters.
const MAX_WORD: usize = 32;

/// Most keywords of a question; further ones do not narrow it.
const MAX_KEYWORDS: usize = 8;

fn split(text: &str) -> impl Iterator<Item = String> {
    let lower = text.to_lowercase();
    let words: Vec<String> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(MAX_WORD).collect())
        .collect();
    words.into_iter()
}

/// Scripts that put no blanks between words.
fn runs_on(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The words of a text in lower case, everything that is neither letter nor digit being a gap. Where a
/// script has no gaps, each of its characters begins a word, which reaches to the end of the run.
pub fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in split(text) {
        let later = word.char_indices().skip(1).filter(|(_, c)| runs_on(*c));
        words.extend(later.map(|(at, _)| word[at..].to_owned()));
        words.push(word);
    }
    words
}

/// The keywords of a question in lower case, each once.
pub fn keywords(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in split(text) {
        if !words.contains(&word) && words.len() < MAX_KEYWORDS {
            words.push(word);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_gaps() {
        let table: [(&str, &[&str]); 6] = [
            ("", &[]),
            (" - & ", &[]),
            ("Spring_Poster-v2.PDF", &["spring", "poster", "v2", "pdf"]),
            ("Größe ÄÖ", &["größe", "äö"]),
            ("it's", &["it", "s"]),
            ("春の色 a", &["の色", "色", "春の色", "a"]),
        ];
        for (text, expected) in table {
            assert_eq!(words_of(text), expected, "{text:?}");
        }
        assert_eq!(words_of(&"x".repeat(99))[0].len(), MAX_WORD);
    }

    #[test]
    fn keywords_are_few_and_different() {
        assert_eq!(keywords("Red, red  POSTER"), ["red", "poster"]);
        assert_eq!(keywords("a b c d e f g h i j").len(), MAX_KEYWORDS);
        assert_eq!(keywords("色"), ["色"]);
    }
}
