//! The services under their names, with health and reflection beside them.

use tonic::service::{Routes, RoutesBuilder};
use tonic_health::server::HealthReporter;
use viva_proto::v1::{
    answer_service_server::{self, AnswerServiceServer},
    auth_service_server::{self, AuthServiceServer},
    grade_service_server::{self, GradeServiceServer},
    interview_service_server::{self, InterviewServiceServer},
    report_service_server::{self, ReportServiceServer},
};

use super::{
    answer::Answering, auth::Auth, grade::GradingAnswers, interview::Interviewing,
    report::Reporting,
};
use crate::{
    limits::{MAX_MESSAGE_BYTES, MAX_REPLY_BYTES},
    services::{
        accounts::Accounts, answers::Answers, api_keys::ApiKeys, callers::Callers,
        grading::Grading, interviews::Interviews, marks::Marks, reports::Reports, watch::Watching,
    },
};

/// What health is told of: the server as a whole, which has no name, and each service.
pub(super) const SERVICES: [&str; 6] = [
    "",
    auth_service_server::SERVICE_NAME,
    interview_service_server::SERVICE_NAME,
    answer_service_server::SERVICE_NAME,
    report_service_server::SERVICE_NAME,
    grade_service_server::SERVICE_NAME,
];

/// The use cases that the handlers call.
#[derive(Clone)]
pub struct Services {
    /// Who calls.
    pub callers: Callers,
    /// Accounts and sessions.
    pub accounts: Accounts,
    /// API keys.
    pub keys: ApiKeys,
    /// Interviews.
    pub interviews: Interviews,
    /// Marks on questions.
    pub marks: Marks,
    /// Answers.
    pub answers: Answers,
    /// Watching an interview.
    pub watching: Watching,
    /// Reports.
    pub reports: Reports,
    /// Grading answers of no interview.
    pub grading: Grading,
}

/// All routes, reflection among them if it is wanted, and the reporter by which the server says
/// whether it serves.
pub fn routes(
    services: Services,
    reflects: bool,
) -> Result<(Routes, HealthReporter), tonic_reflection::server::Error> {
    let Services {
        callers,
        accounts,
        keys,
        interviews,
        marks,
        answers,
        watching,
        reports,
        grading,
    } = services;
    let auth = Auth { callers: callers.clone(), accounts, keys };
    let interviewing = Interviewing { callers: callers.clone(), interviews, marks };
    let answering = Answering { callers: callers.clone(), answers, watching };
    let reporting = Reporting { callers: callers.clone(), reports };
    let grading = GradingAnswers { callers, grading };
    let (reporter, health) = tonic_health::server::health_reporter();
    let mut routes = RoutesBuilder::default();
    routes
        .add_service(
            AuthServiceServer::new(auth)
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_REPLY_BYTES),
        )
        .add_service(
            InterviewServiceServer::new(interviewing)
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_REPLY_BYTES),
        )
        .add_service(
            AnswerServiceServer::new(answering)
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_REPLY_BYTES),
        )
        .add_service(
            ReportServiceServer::new(reporting)
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_REPLY_BYTES),
        )
        .add_service(
            GradeServiceServer::new(grading)
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_REPLY_BYTES),
        )
        .add_service(health);
    if reflects {
        // Both versions: current tools ask for v1, older ones for v1alpha.
        routes.add_service(reflection().build_v1()?).add_service(reflection().build_v1alpha()?);
    }
    Ok((routes.routes(), reporter))
}

fn reflection() -> tonic_reflection::server::Builder<'static> {
    tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(viva_proto::FILE_DESCRIPTOR_SET)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        // With these, tools show error details by name.
        .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
}
