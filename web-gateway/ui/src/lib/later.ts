/** Calls that only the other screens make. */

import { AnswerService, type Answer } from '#gen/viva/v1/answer_pb.js';
import {
  InterviewService,
  type CreateInterviewResponse,
  type GetHintResponse,
  type PreviewInterviewResponse,
  type Question,
  type Template,
} from '#gen/viva/v1/interview_pb.js';
import { ReportService, type CompareAttemptsResponse, type GetProgressResponse, type ReportFormat } from '#gen/viva/v1/report_pb.js';
import { CREATION_DEADLINE_MS, EXPORT_DEADLINE_MS, type Api, type Plan } from './api.js';

/** Exports an interview's report as a file. */
export async function exportReport(api: Api, interviewId: bigint, format: ReportFormat): Promise<File> {
  const { content, mediaType, fileName } = await api.call(ReportService.method.exportReport, { interviewId, format }, EXPORT_DEADLINE_MS);
  return new File([content.slice()], fileName, { type: mediaType });
}

/** Returns how the account's scores develop; its days are those of this browser. */
export function progressOf(api: Api): Promise<GetProgressResponse> {
  return api.call(ReportService.method.getProgress, { utcOffsetMinutes: -new Date().getTimezoneOffset() });
}

/** Retries a failed evaluation. */
export async function retryEvaluation(api: Api, answerId: bigint): Promise<Answer | undefined> {
  return (await api.call(AnswerService.method.retryEvaluation, { answerId })).answer;
}

/** Returns the ready-made interviews. */
export async function templatesOf(api: Api): Promise<Template[]> {
  return (await api.call(InterviewService.method.listTemplates, {})).templates;
}

/** Returns what an interview would contain, without creating it. */
export function previewOf(api: Api, plan: Omit<Plan, 'idempotencyKey'>): Promise<PreviewInterviewResponse> {
  return api.call(InterviewService.method.previewInterview, { interview: plan });
}

/** Creates an interview. */
export function createInterview(api: Api, plan: Plan): Promise<CreateInterviewResponse> {
  return api.call(InterviewService.method.createInterview, plan, CREATION_DEADLINE_MS);
}

/** Ends an interview in real mode before its time is up. */
export async function endInterview(api: Api, interviewId: bigint): Promise<void> {
  await api.call(InterviewService.method.endInterview, { interviewId });
}

/** Returns a hint: the one with that number, which was given before, or with 0 the next. */
export function hintTo(api: Api, questionId: bigint, number = 0): Promise<GetHintResponse> {
  return api.call(InterviewService.method.getHint, { questionId, number });
}

/** Ends a question without a score and returns it with a good answer. */
export async function reveal(api: Api, questionId: bigint): Promise<Question | undefined> {
  return (await api.call(InterviewService.method.revealQuestion, { questionId })).question;
}

/** Adds a question about what the latest answer to another one leaves out or gets wrong. */
export async function addFollowUp(api: Api, questionId: bigint): Promise<Question | undefined> {
  // A language model may have to write it.
  return (await api.call(InterviewService.method.addFollowUp, { questionId }, CREATION_DEADLINE_MS)).question;
}

/** Compares two attempts at a question. By default the earlier one is the last that was evaluated before the later one. */
export function compareAttempts(api: Api, questionId: bigint, laterAttempt: number, earlierAttempt = 0): Promise<CompareAttemptsResponse> {
  return api.call(ReportService.method.compareAttempts, { questionId, earlierAttempt, laterAttempt });
}
