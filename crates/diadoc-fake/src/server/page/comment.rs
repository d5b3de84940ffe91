//! Comments of the schema as HTML.

use diadoc_schema::comment_blocks;
use maud::{Markup, html};

/// A comment: its paragraphs and lists, with what stands in backquotes as code.
pub(super) fn show(comment: &str) -> Markup {
    let blocks = comment_blocks(comment);
    let items = blocks.chunk_by(|one, next| is_item(one) && is_item(next));
    html! {
        @for part in items {
            @if is_item(&part[0]) {
                ul { @for item in part { li { (inline(item[2..].trim())) } } }
            } @else {
                @for text in part { p { (inline(text)) } }
            }
        }
    }
}

/// One line of a comment.
pub(super) fn inline(text: &str) -> Markup {
    html! {
        @for (place, part) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

fn is_item(block: &str) -> bool {
    block.starts_with("- ") || block.starts_with("* ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_lists_and_code() {
        let comment = "A `mask` of <b>:\n\n- `0`: nothing,\n  really.\n- `1`: one.\n\nMore.";
        assert_eq!(
            show(comment).into_string(),
            "<p>A <code>mask</code> of &lt;b&gt;:</p><ul><li><code>0</code>: nothing, really.</li>\
             <li><code>1</code>: one.</li></ul><p>More.</p>"
        );
    }
}
