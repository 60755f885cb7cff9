//! The page of the tablets' API, laid out from the document. English, as all that is written for developers.
//!
//! Must not: say anything that the document does not.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse as _, Response},
};
use serde_json::Value;

use super::assets::{Assets, assets};
use crate::openapi;

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    assets: &'static Assets,
    title: String,
    description: String,
    groups: Vec<Group>,
}

struct Group {
    name: String,
    description: String,
    operations: Vec<Operation>,
}

struct Operation {
    anchor: String,
    method: String,
    path: String,
    summary: String,
    parameters: Vec<Parameter>,
    answers: Vec<Answer>,
}

struct Parameter {
    name: String,
    place: String,
    description: String,
}

struct Answer {
    status: String,
    description: String,
}

/// The page.
pub(crate) async fn show() -> Response {
    let rendered = serde_json::to_value(openapi::document()).map(|document| laid_out(&document).render());
    match rendered {
        Ok(Ok(html)) => Html(html).into_response(),
        Ok(Err(error)) => broken(&error),
        Err(error) => broken(&error),
    }
}

fn broken(error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, "page of the API cannot be rendered");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn laid_out(document: &Value) -> ApiPage {
    let tags = document["tags"].as_array().cloned().unwrap_or_default();
    let group = |tag: &Value| Group {
        name: text(tag, "name"),
        description: text(tag, "description"),
        operations: operations(document, &text(tag, "name")),
    };
    ApiPage {
        assets: assets(),
        title: text(&document["info"], "title"),
        description: text(&document["info"], "description"),
        groups: tags.iter().map(group).collect(),
    }
}

fn operations(document: &Value, tag: &str) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            if !operation["tags"].as_array().is_some_and(|tags| tags.iter().any(|name| name == tag)) {
                continue;
            }
            let parameters =
                operation["parameters"].as_array().into_iter().flatten().map(|parameter| Parameter {
                    name: text(parameter, "name"),
                    place: text(parameter, "in"),
                    description: text(parameter, "description"),
                });
            let answers = operation["responses"].as_object().into_iter().flatten().map(|(status, answer)| {
                Answer { status: status.clone(), description: text(answer, "description") }
            });
            operations.push(Operation {
                anchor: text(operation, "operationId"),
                method: method.to_uppercase(),
                path: path.clone(),
                summary: text(operation, "summary"),
                parameters: parameters.collect(),
                answers: answers.collect(),
            });
        }
    }
    operations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_on_the_page() {
        let document = serde_json::to_value(openapi::document()).unwrap();
        let html = laid_out(&document).render().unwrap();
        for path in document["paths"].as_object().unwrap().keys() {
            assert!(html.contains(path), "{path}");
        }
        assert!(html.contains("<td>429</td>"));
    }
}
