//! Finds what can be changed in a file.

use std::ops::Range;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Arm, Attribute, BinOp, Block, Expr, Pat, Signature, Stmt, UnOp};

use crate::values;

/// A place in a file, and what can stand there in place of what does. Ranges are bytes of the file.
#[derive(Debug)]
pub(crate) enum Point {
    /// An expression, and others for it.
    Expression {
        range: Range<usize>,
        variants: Vec<Variant>,
    },
    /// The start of a function's body, and values to return at once.
    Body { at: usize, variants: Vec<Variant> },
    /// The condition of an arm of a match: what holds it always, never, or takes the arm away.
    Guard {
        range: Range<usize>,
        always: Variant,
        never: Variant,
        gone: Option<Variant>,
    },
    /// The end of the pattern of an arm without a condition: what takes the arm away.
    Arm { at: usize, gone: Variant },
}

/// What stands in the place of something, and how a change to it is called.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) code: String,
    /// `replace + with - in Reader::number`
    pub(crate) what: String,
    /// Where, from 1.
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Point {
    /// Its range; that of something that is put in between has no bytes.
    pub(crate) fn range(&self) -> Range<usize> {
        match self {
            Self::Expression { range, .. } | Self::Guard { range, .. } => range.clone(),
            Self::Body { at, .. } | Self::Arm { at, .. } => *at..*at,
        }
    }

    pub(crate) fn variants(&self) -> Vec<&Variant> {
        match self {
            Self::Expression { variants, .. } | Self::Body { variants, .. } => {
                variants.iter().collect()
            }
            Self::Guard {
                always,
                never,
                gone,
                ..
            } => [always, never].into_iter().chain(gone).collect(),
            Self::Arm { gone, .. } => vec![gone],
        }
    }
}

/// All points of a file in the order in which they begin, those around others first.
///
/// Left out is what the compiler works out (constants, `const fn`, lengths), what macros are given, patterns,
/// attributes, and what is compiled for tests alone.
pub(crate) fn points(source: &str) -> syn::Result<Vec<Point>> {
    let mut finder = Finder {
        source,
        around: Vec::new(),
        points: Vec::new(),
    };
    finder.visit_file(&syn::parse_file(source)?);
    let mut points = finder.points;
    points.sort_by_key(|point| (point.range().start, usize::MAX - point.range().end));
    Ok(points)
}

struct Finder<'s> {
    source: &'s str,
    /// The names of what is around: a type, a trait, a function.
    around: Vec<String>,
    points: Vec<Point>,
}

impl Finder<'_> {
    fn text(&self, node: &impl Spanned) -> &str {
        self.source
            .get(node.span().byte_range())
            .unwrap_or_default()
    }

    fn variant(&self, code: String, what: &str, at: Span) -> Variant {
        let what = match self.around.join("::") {
            place if place.is_empty() => what.to_owned(),
            place => format!("{what} in {place}"),
        };
        let start = at.start();
        Variant {
            code,
            what,
            line: start.line,
            column: start.column + 1,
        }
    }

    fn within(&mut self, name: String, visit: impl FnOnce(&mut Self)) {
        self.around.push(name);
        visit(self);
        self.around.pop();
    }

    fn function(&mut self, attributes: &[Attribute], signature: &Signature, block: &Block) {
        if for_tests(attributes) || signature.constness.is_some() {
            return;
        }
        self.around.push(signature.ident.to_string());
        let body = self.body_text(block);
        let variants: Vec<_> = values::of_return(&signature.output)
            .into_iter()
            .filter(|value| !is_the_same(&body, value))
            .map(|value| {
                let place = self.around.join("::");
                let shown = if value.is_empty() { "()" } else { &value };
                let start = block.brace_token.span.open().start();
                Variant {
                    what: format!("replace {place} with {shown}"),
                    code: format!("return {value};"),
                    line: start.line,
                    column: start.column + 1,
                }
            })
            .collect();
        if !variants.is_empty() {
            let at = block.brace_token.span.open().byte_range().end;
            self.points.push(Point::Body { at, variants });
        }
        self.visit_block(block);
        self.around.pop();
    }

    /// The statements of a body on one line, without those that only use a name (`let _ = name;`).
    fn body_text(&self, block: &Block) -> String {
        let statements = block.stmts.iter().filter(|statement| match statement {
            Stmt::Local(local) => !matches!(local.pat, Pat::Wild(_)),
            _ => true,
        });
        let texts: Vec<_> = statements
            .map(|statement| one_line(self.text(statement)))
            .collect();
        texts.join(" ")
    }

    fn guarded(&mut self, arm: &Arm, may_go: bool) {
        let (pattern, guard) = match &arm.pat {
            Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            pattern => (pattern, None),
        };
        let gone = may_go.then(|| {
            let name = one_line(self.text(pattern));
            self.variant(
                String::new(),
                &format!("delete match arm {name}"),
                pattern.span(),
            )
        });
        match (guard, gone) {
            (Some(guard), _) if holds_let(guard) => {}
            (Some(guard), gone) => {
                let guard_named = |value: &str| {
                    let what = format!("replace match guard with {value}");
                    self.variant(value.to_owned(), &what, guard.span())
                };
                let (always, never) = (guard_named("true"), guard_named("false"));
                self.points.push(Point::Guard {
                    range: guard.span().byte_range(),
                    always,
                    never,
                    gone,
                });
            }
            (None, Some(gone)) => {
                let at = pattern.span().byte_range().end;
                self.points.push(Point::Arm { at, gone });
            }
            (None, None) => {}
        }
        if let Some(guard) = guard {
            self.visit_expr(guard);
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_attribute(&mut self, _: &'ast Attribute) {}
    fn visit_pat(&mut self, _: &'ast Pat) {}
    fn visit_type(&mut self, _: &'ast syn::Type) {}
    fn visit_path(&mut self, _: &'ast syn::Path) {}
    fn visit_generics(&mut self, _: &'ast syn::Generics) {}
    fn visit_angle_bracketed_generic_arguments(
        &mut self,
        _: &'ast syn::AngleBracketedGenericArguments,
    ) {
    }
    fn visit_macro(&mut self, _: &'ast syn::Macro) {}
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_item_enum(&mut self, _: &'ast syn::ItemEnum) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_trait_item_const(&mut self, _: &'ast syn::TraitItemConst) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}

    fn visit_expr_repeat(&mut self, repeat: &'ast syn::ExprRepeat) {
        self.visit_expr(&repeat.expr);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if for_tests(&item.attrs) {
            return;
        }
        let of = one_line(self.text(&item.self_ty));
        let name = match &item.trait_ {
            Some((path, _)) => format!("<impl {} for {of}>", one_line(self.text(path))),
            None => of,
        };
        self.within(name, |this| visit::visit_item_impl(this, item));
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        if !for_tests(&item.attrs) {
            self.within(item.ident.to_string(), |this| {
                visit::visit_item_trait(this, item);
            });
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.attrs, &item.sig, &item.block);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.attrs, &item.sig, block);
        }
    }

    fn visit_expr_match(&mut self, item: &'ast syn::ExprMatch) {
        self.visit_expr(&item.expr);
        let takes_the_rest = item.arms.iter().any(|arm| takes_all(&arm.pat));
        for arm in &item.arms {
            let may_go = takes_the_rest && !takes_all(&arm.pat);
            self.guarded(arm, may_go);
            self.visit_expr(&arm.body);
        }
    }

    fn visit_expr_binary(&mut self, item: &'ast syn::ExprBinary) {
        let whole =
            matches!(item.op, BinOp::And(_)) && (holds_let(&item.left) || holds_let(&item.right));
        let (was, others) = neighbours(&item.op);
        if !whole && !others.is_empty() {
            let (left, right) = (self.text(&item.left), self.text(&item.right));
            let variants = others.iter().map(|other| {
                let what = format!("replace {was} with {other}");
                self.variant(format!("({left}) {other} ({right})"), &what, item.op.span())
            });
            let point = Point::Expression {
                range: item.span().byte_range(),
                variants: variants.collect(),
            };
            self.points.push(point);
        }
        self.visit_expr(&item.left);
        self.visit_expr(&item.right);
    }

    fn visit_expr_unary(&mut self, item: &'ast syn::ExprUnary) {
        let sign = match item.op {
            UnOp::Not(_) => "!",
            UnOp::Neg(_) => "-",
            _ => "",
        };
        if !sign.is_empty() {
            let code = self.text(&item.expr).to_owned();
            let what = format!("delete {sign}");
            let point = Point::Expression {
                range: item.span().byte_range(),
                variants: vec![self.variant(code, &what, item.op.span())],
            };
            self.points.push(point);
        }
        self.visit_expr(&item.expr);
    }
}

/// An operator, and those that are put in its place.
fn neighbours(operator: &BinOp) -> (&'static str, &'static [&'static str]) {
    match operator {
        BinOp::Add(_) => ("+", &["-", "*"]),
        BinOp::Sub(_) => ("-", &["+", "/"]),
        BinOp::Mul(_) => ("*", &["+", "/"]),
        BinOp::Div(_) => ("/", &["%", "*"]),
        BinOp::Rem(_) => ("%", &["/", "+"]),
        BinOp::And(_) => ("&&", &["||"]),
        BinOp::Or(_) => ("||", &["&&"]),
        BinOp::BitXor(_) => ("^", &["|", "&"]),
        BinOp::BitAnd(_) => ("&", &["|", "^"]),
        BinOp::BitOr(_) => ("|", &["&", "^"]),
        BinOp::Shl(_) => ("<<", &[">>"]),
        BinOp::Shr(_) => (">>", &["<<"]),
        BinOp::Eq(_) => ("==", &["!="]),
        BinOp::Ne(_) => ("!=", &["=="]),
        BinOp::Lt(_) => ("<", &["==", ">", "<="]),
        BinOp::Gt(_) => (">", &["==", "<", ">="]),
        BinOp::Le(_) => ("<=", &[">", "<"]),
        BinOp::Ge(_) => (">=", &["<", ">"]),
        BinOp::AddAssign(_) => ("+=", &["-=", "*="]),
        BinOp::SubAssign(_) => ("-=", &["+=", "/="]),
        BinOp::MulAssign(_) => ("*=", &["+=", "/="]),
        BinOp::DivAssign(_) => ("/=", &["%=", "*="]),
        BinOp::RemAssign(_) => ("%=", &["/=", "+="]),
        BinOp::BitXorAssign(_) => ("^=", &["|=", "&="]),
        BinOp::BitAndAssign(_) => ("&=", &["|="]),
        BinOp::BitOrAssign(_) => ("|=", &["&=", "^="]),
        BinOp::ShlAssign(_) => ("<<=", &[">>="]),
        BinOp::ShrAssign(_) => (">>=", &["<<="]),
        _ => ("", &[]),
    }
}

/// Whether a value in place of a body is the body once more, as far as one can see.
fn is_the_same(body: &str, value: &str) -> bool {
    body == value
        || value == "vec![]" && body == "Vec::new()"
        || value.contains("default()") && body.ends_with("default()")
}

/// Whether a pattern takes whatever comes.
fn takes_all(pattern: &Pat) -> bool {
    match pattern {
        Pat::Wild(_) => true,
        Pat::Ident(name) => {
            name.subpat.is_none() && name.ident.to_string().starts_with(char::is_lowercase)
        }
        _ => false,
    }
}

/// Whether an expression is a chain with a `let` in it, which stands in no other expression.
fn holds_let(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(binary) => {
            matches!(binary.op, BinOp::And(_))
                && (holds_let(&binary.left) || holds_let(&binary.right))
        }
        _ => false,
    }
}

/// Whether something is compiled for tests alone.
fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|condition| {
                    condition.is_ident("test") || condition.is_ident("doctest")
                })
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
