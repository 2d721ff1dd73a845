/** What only the screens that come later ask for. */

import { AnswerService, type Answer } from '#gen/viva/v1/answer_pb.js';
import { InterviewService, type CreateInterviewResponse, type PreviewInterviewResponse, type Template } from '#gen/viva/v1/interview_pb.js';
import { ReportService, type GetProgressResponse } from '#gen/viva/v1/report_pb.js';
import { CREATION_DEADLINE_MS, EXPORT_DEADLINE_MS, type Api, type Plan } from './api.js';

/** An interview's report as a Markdown file. */
export async function exportReport(api: Api, interviewId: bigint): Promise<File> {
  const { content, mediaType, fileName } = await api.call(ReportService.method.exportReport, { interviewId }, EXPORT_DEADLINE_MS);
  return new File([content.slice()], fileName, { type: mediaType });
}

/** How the account's scores develop. */
export function progressOf(api: Api): Promise<GetProgressResponse> {
  return api.call(ReportService.method.getProgress, {});
}

/** Has a failed evaluation made again. */
export async function retryEvaluation(api: Api, answerId: bigint): Promise<Answer | undefined> {
  return (await api.call(AnswerService.method.retryEvaluation, { answerId })).answer;
}

/** The interviews of the bank that are ready to be made. */
export async function templatesOf(api: Api): Promise<Template[]> {
  return (await api.call(InterviewService.method.listTemplates, {})).templates;
}

/** What an interview would get, before it is made. */
export function previewOf(api: Api, plan: Omit<Plan, 'idempotencyKey'>): Promise<PreviewInterviewResponse> {
  return api.call(InterviewService.method.previewInterview, { interview: plan });
}

/** Makes an interview. */
export function createInterview(api: Api, plan: Plan): Promise<CreateInterviewResponse> {
  return api.call(InterviewService.method.createInterview, plan, CREATION_DEADLINE_MS);
}
