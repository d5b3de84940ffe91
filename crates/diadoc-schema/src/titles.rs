//! Russian titles: what integrators call the parts of the schema, as `proto/diadoc/title.proto` states them.

use prost_reflect::{DescriptorPool, DynamicMessage};

use crate::Item;
use crate::options::stated;

/// The option of a message.
pub const MESSAGE: &str = "Diadoc.Title.message";
/// The option of an enum.
pub const ENUM: &str = "Diadoc.Title.enumeration";
/// The option of a field.
pub const FIELD: &str = "Diadoc.Title.field";
/// The option of a value of an enum.
pub const VALUE: &str = "Diadoc.Title.value";
/// The option of a method.
pub const METHOD: &str = "Diadoc.Title.method";

impl Item<'_> {
    /// What it is called in Russian, in the vendor's terms: one line without a full stop. None where the
    /// schema does not say.
    ///
    /// ```
    /// use diadoc_schema::Schema;
    ///
    /// let post = Schema::diadoc().resolve("POST /V3/PostMessage")?;
    /// assert_eq!(post.title().as_deref(), Some("Отправить сообщение"));
    /// # Ok::<(), diadoc_schema::SchemaError>(())
    /// ```
    pub fn title(&self) -> Option<String> {
        match self {
            Self::Message(it) => title(it.parent_pool(), MESSAGE, || it.options()),
            Self::Enum(it) => title(it.parent_pool(), ENUM, || it.options()),
            Self::Field(it) => title(it.parent_pool(), FIELD, || it.options()),
            Self::Value(it) => title(it.parent_enum().parent_pool(), VALUE, || it.options()),
            Self::Method(it) => title(it.descriptor.parent_pool(), METHOD, || {
                it.descriptor.options()
            }),
        }
    }
}

fn title(
    pool: &DescriptorPool,
    option: &str,
    options: impl FnOnce() -> DynamicMessage,
) -> Option<String> {
    stated(pool, option, options)?.as_str().map(str::to_owned)
}
