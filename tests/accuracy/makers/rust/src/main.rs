//! Truth for Rust from `syn`: `rust-truth ROOT < paths`.
//!
//! Prints JSON lines as truth.py reads them: functions, methods, macros and types that are written in the source (what a macro
//! expands to is nobody's definition). Columns are UTF-8 bytes.

use std::io::BufRead;
use std::path::Path;

use proc_macro2::Ident;
use syn::visit::{self, Visit};

struct Definitions<'a> {
    path: &'a str,
    lines: Vec<&'a str>,
    /// How many function bodies are open: what is defined in one is optional.
    bodies: usize,
}

impl Definitions<'_> {
    fn symbol(&self, name: &Ident, group: &str, kinds: &[&str]) {
        self.print(name, group, kinds, self.bodies > 0);
    }

    fn optional(&self, name: &Ident, group: &str, kinds: &[&str]) {
        self.print(name, group, kinds, true);
    }

    fn print(&self, name: &Ident, group: &str, kinds: &[&str], optional: bool) {
        let start = name.span().start();
        let before: String = self.lines[start.line - 1].chars().take(start.column).collect();
        let kinds: Vec<String> = kinds.iter().map(|kind| format!("{kind:?}")).collect();
        let text = name.to_string();
        println!(
            "{{\"symbol\": {:?}, \"path\": {:?}, \"line\": {}, \"column\": {}, \"group\": {group:?}, \"kinds\": [{}], \
             \"optional\": {optional}}}",
            text,
            self.path,
            start.line,
            before.len(),
            kinds.join(", "),
        );
    }
}

impl<'ast> Visit<'ast> for Definitions<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.symbol(&item.sig.ident, "callable", &["function"]);
        self.bodies += 1;
        visit::visit_item_fn(self, item);
        self.bodies -= 1;
    }

    fn visit_impl_item_method(&mut self, item: &'ast syn::ImplItemMethod) {
        self.symbol(&item.sig.ident, "callable", &["method", "function", "constructor"]);
        self.bodies += 1;
        visit::visit_impl_item_method(self, item);
        self.bodies -= 1;
    }

    fn visit_trait_item_method(&mut self, item: &'ast syn::TraitItemMethod) {
        self.symbol(&item.sig.ident, "callable", &["method", "function"]);
        self.bodies += 1;
        visit::visit_trait_item_method(self, item);
        self.bodies -= 1;
    }

    fn visit_foreign_item_fn(&mut self, item: &'ast syn::ForeignItemFn) {
        self.symbol(&item.sig.ident, "callable", &["function"]);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if let Some(name) = &item.ident {
            self.symbol(name, "callable", &["macro"]);
        }
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.symbol(&item.ident, "type", &["struct"]);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.symbol(&item.ident, "type", &["enum"]);
    }

    fn visit_item_union(&mut self, item: &'ast syn::ItemUnion) {
        self.symbol(&item.ident, "type", &["union"]);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.symbol(&item.ident, "type", &["trait"]);
        visit::visit_item_trait(self, item);
    }

    fn visit_trait_item_type(&mut self, item: &'ast syn::TraitItemType) {
        self.optional(&item.ident, "type", &["type", "typedef"]);
    }

    fn visit_impl_item_type(&mut self, item: &'ast syn::ImplItemType) {
        self.optional(&item.ident, "type", &["type", "typedef"]);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.symbol(&item.ident, "type", &["type", "typedef"]);
    }
}

fn main() {
    let root = std::env::args().nth(1).expect("the root of the tree");
    for path in std::io::stdin().lock().lines() {
        let path = path.expect("a path in UTF-8");
        let source = std::fs::read_to_string(Path::new(&root).join(&path)).unwrap_or_default();
        let parsed = syn::parse_file(&source);
        println!("{{\"file\": {path:?}, \"errors\": {}}}", i32::from(parsed.is_err()));
        if let Ok(file) = parsed {
            let lines = source.strip_prefix('\u{feff}').unwrap_or(&source).split('\n').collect();
            Definitions { path: &path, lines, bodies: 0 }.visit_file(&file);
        }
    }
}
