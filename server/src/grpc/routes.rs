//! The routes to the services, to health and to reflection.

use tonic::service::{Routes, RoutesBuilder};
use tonic_health::server::HealthReporter;
use viva_proto::v1::{
    answer_service_server::{self, AnswerServiceServer},
    auth_service_server::{self, AuthServiceServer},
    grade_service_server::{self, GradeServiceServer},
    interview_service_server::{self, InterviewServiceServer},
    memory_service_server::{self, MemoryServiceServer},
    report_service_server::{self, ReportServiceServer},
    server_service_server::{self, ServerServiceServer},
};
use viva_runtime::limits::{MAX_MESSAGE_BYTES, MAX_REPLY_BYTES};

use super::{
    answer::AnswerHandlers, auth::AuthHandlers, grade::GradeHandlers, interview::InterviewHandlers,
    memory::MemoryHandlers, report::ReportHandlers, server_info::ServerInfoHandlers,
};
use crate::services::{
    accounts::Accounts, answers::Answers, api_keys::ApiKeys, callers::Callers,
    challenges::Challenges, follow_ups::FollowUps, grading::Grading, help::QuestionHelp,
    interviews::Interviews, marks::Marks, memory::Memories, reports::Reports, search::Search,
    server_info::ServerInfo, watch::Watches,
};

/// What health reports on: the server as a whole, whose name is empty, and each service.
pub(super) const SERVICES: [&str; 8] = [
    "",
    auth_service_server::SERVICE_NAME,
    interview_service_server::SERVICE_NAME,
    answer_service_server::SERVICE_NAME,
    report_service_server::SERVICE_NAME,
    grade_service_server::SERVICE_NAME,
    memory_service_server::SERVICE_NAME,
    server_service_server::SERVICE_NAME,
];

/// The use cases that the handlers call.
#[derive(Clone)]
pub struct Services {
    /// Authentication of callers.
    pub callers: Callers,
    /// Accounts and sessions.
    pub accounts: Accounts,
    /// API keys.
    pub keys: ApiKeys,
    /// Interviews.
    pub interviews: Interviews,
    /// Follow-up questions.
    pub follow_ups: FollowUps,
    /// Hints, and references that are shown.
    pub help: QuestionHelp,
    /// Marks on questions.
    pub marks: Marks,
    /// Answers.
    pub answers: Answers,
    /// Challenges of points, and self-assessments.
    pub challenges: Challenges,
    /// Watching an interview.
    pub watches: Watches,
    /// Searching questions and answers.
    pub search: Search,
    /// Reports.
    pub reports: Reports,
    /// Grading answers outside interviews.
    pub grading: Grading,
    /// Spaced review.
    pub memories: Memories,
    /// What the server is and can do.
    pub server: ServerInfo,
}

/// Returns all routes, with reflection if `reflects`, and the reporter that sets the health status.
pub fn routes(
    services: Services,
    reflects: bool,
) -> Result<(Routes, HealthReporter), tonic_reflection::server::Error> {
    let Services {
        callers,
        accounts,
        keys,
        interviews,
        follow_ups,
        help,
        marks,
        answers,
        challenges,
        watches,
        search,
        reports,
        grading,
        memories,
        server,
    } = services;
    let auth = AuthHandlers { callers: callers.clone(), accounts, keys };
    let interviewing =
        InterviewHandlers { callers: callers.clone(), interviews, follow_ups, help, marks };
    let answering =
        AnswerHandlers { callers: callers.clone(), answers, watches, search, challenges };
    let reporting = ReportHandlers { callers: callers.clone(), reports };
    let remembering = MemoryHandlers { callers: callers.clone(), memories };
    let grading = GradeHandlers { callers: callers.clone(), grading };
    let describing = ServerInfoHandlers { callers, server };
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
        .add_service(
            MemoryServiceServer::new(remembering)
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_REPLY_BYTES),
        )
        .add_service(
            ServerServiceServer::new(describing)
                .max_decoding_message_size(MAX_MESSAGE_BYTES)
                .max_encoding_message_size(MAX_REPLY_BYTES),
        )
        .add_service(health);
    if reflects {
        // Both versions: current tools use v1, older ones v1alpha.
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
