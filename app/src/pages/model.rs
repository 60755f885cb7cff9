//! Rows for a page: changed in place where that is possible, so that focus and scroll stay where they are.
//!
//! Must not: know what the rows mean.

use std::rc::Rc;

use slint::{Model, ModelRc, VecModel};

/// The model that shows `rows`: the one shown now, brought up to date, or a new one.
pub(crate) fn rows<T: Clone + PartialEq + 'static>(shown: &ModelRc<T>, rows: Vec<T>) -> ModelRc<T> {
    let Some(model) = shown.as_any().downcast_ref::<VecModel<T>>() else {
        return ModelRc::from(Rc::new(VecModel::from(rows)));
    };
    while model.row_count() > rows.len() {
        model.remove(model.row_count() - 1);
    }
    for (index, row) in rows.into_iter().enumerate() {
        match model.row_data(index) {
            None => model.push(row),
            Some(was) if was != row => model.set_row_data(index, row),
            Some(_) => {}
        }
    }
    shown.clone()
}

/// A new model of these rows, for a model inside a row.
pub(crate) fn fresh<T: Clone + 'static>(rows: Vec<T>) -> ModelRc<T> {
    ModelRc::from(Rc::new(VecModel::from(rows)))
}
