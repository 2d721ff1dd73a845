"""Practises an interview at a Viva server, and has an answer graded with an API key.

    pip install -r requirements.txt
    VIVA_URL=http://127.0.0.1:50051 VIVA_USERNAME=ada VIVA_PASSWORD=... python3 practise.py
"""

import os
import random
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import grpc
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from grpc_status import rpc_status

# This compiles the contract on import; in your own program keep the output of `python -m grpc_tools.protoc`
# instead.
sys.path.append(str(Path(__file__).resolve().parents[3] / "proto"))
auth_pb, auth_rpc = grpc.protos_and_services("viva/v1/auth.proto")
interview_pb, interview_rpc = grpc.protos_and_services("viva/v1/interview.proto")
answer_pb, answer_rpc = grpc.protos_and_services("viva/v1/answer.proto")
grade_pb, grade_rpc = grpc.protos_and_services("viva/v1/grade.proto")

AGAIN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED}
# To a question that is drawn from the bank. The grader declines what is about something else.
FIRST = "I would measure first."
SPOKEN = "A mutex lets one thread at a time into a critical section. The others wait until it is released."


def connect():
    url = urlsplit(os.environ["VIVA_URL"])
    if url.scheme == "https":
        return grpc.secure_channel(url.netloc, grpc.ssl_channel_credentials())
    return grpc.insecure_channel(url.netloc)


def detail(error, kind):
    """The error's detail of that type, or an empty one if there is none."""
    status = rpc_status.from_call(error)
    found = kind()
    for packed in status.details if status else []:
        if packed.Unpack(found):
            break
    return found


def call(method, request, credential=None, tries=5):
    """Retries until the outcome is known. Only for reads, and for writes with an idempotency key."""
    metadata = [("authorization", f"Bearer {credential}")] if credential else []
    for attempt in range(1, tries + 1):
        try:
            return method(request, timeout=10, metadata=metadata)
        except grpc.RpcError as error:
            if error.code() not in AGAIN or attempt == tries:
                raise
            asked = detail(error, RetryInfo).retry_delay.ToTimedelta().total_seconds()
            time.sleep(asked + random.uniform(0, 0.1 * 2**attempt))


def sign_in(auth, username, password):
    account = auth_pb.RegisterRequest(username=username, email=f"{username}@example.com", password=password)
    try:
        call(auth.Register, account)
        print(f"registered {username}")
    except grpc.RpcError as error:
        # An earlier attempt may have created the account.
        if detail(error, ErrorInfo).reason != "USERNAME_TAKEN":
            raise
    login = auth_pb.LoginRequest(username=username, password=password)
    return call(auth.Login, login).session.access_token


def submit(answers, token, interview, text):
    """Stores one answer once, however often it has to be sent."""
    request = answer_pb.SubmitAnswerRequest(
        interview_id=interview.id,
        question_id=interview.questions[0].id,
        answer_text=text,
        idempotency_key=str(uuid.uuid4()),
    )
    return call(answers.SubmitAnswer, request, token).answer_id


def watch(answers, token, interview_id):
    """Yields each state of the answers until all are evaluated, over as many streams as it takes."""
    request = answer_pb.WatchInterviewRequest(interview_id=interview_id)
    while True:
        try:
            stream = answers.WatchInterview(request, timeout=600, metadata=[("authorization", f"Bearer {token}")])
            yield from (message.answer for message in stream)
            return
        except grpc.RpcError as error:
            if error.code() not in AGAIN:
                raise
            # A new stream starts with the current state, so nothing is missed.
            time.sleep(random.uniform(0.5, 1.5))


def pages(interviews, token):
    request = interview_pb.ListInterviewsRequest(page_size=1)
    while True:
        page = call(interviews.ListInterviews, request, token)
        yield page.interviews
        if not page.next_page_token:
            return
        request.page_token = page.next_page_token


def show(evaluation):
    scores = evaluation.scores
    print(
        f"correctness {scores.correctness:.1f}, completeness {scores.completeness:.1f}, "
        f"quality {scores.quality:.1f}, communication {scores.communication:.1f}"
    )
    for point in evaluation.key_points:
        if point.coverage < 0.5:
            print(f"missed: {point.point}")


def main():
    with connect() as channel:
        auth = auth_rpc.AuthServiceStub(channel)
        interviews = interview_rpc.InterviewServiceStub(channel)
        answers = answer_rpc.AnswerServiceStub(channel)
        token = sign_in(auth, os.environ["VIVA_USERNAME"], os.environ["VIVA_PASSWORD"])

        wanted = interview_pb.CreateInterviewRequest(
            role="Backend engineer", num_questions=1, idempotency_key=str(uuid.uuid4())
        )
        interview = call(interviews.CreateInterview, wanted, token).interview
        print(f"asked: {interview.questions[0].text}")

        try:
            submit(answers, token, interview, "No idea")
        except grpc.RpcError as error:
            if detail(error, ErrorInfo).reason != "VALIDATION_FAILED":
                raise
            for violation in detail(error, BadRequest).field_violations:
                print(f"refused: {violation.field}: {violation.description}")
        print(f"stored answer {submit(answers, token, interview, FIRST)}")

        for answer in watch(answers, token, interview.id):
            status = answer_pb.EvaluationStatus.Name(answer.evaluation.status)
            print(f"answer {answer.id} is {status.removeprefix('EVALUATION_STATUS_')}")
        show(answer.evaluation)
        found = list(pages(interviews, token))
        print(f"{sum(map(len, found))} interviews on {len(found)} pages")

        key = auth_pb.CreateApiKeyRequest(name="sample", scopes=[auth_pb.SCOPE_GRADE])
        made = call(auth.CreateApiKey, key, token)
        task = grade_pb.GradeAnswerRequest(
            question="What is a mutex for?",
            key_points=[
                grade_pb.RubricPoint(point="Only one thread at a time is in the critical section."),
                grade_pb.RubricPoint(point="A thread that panics while it holds the lock poisons it."),
            ],
            answer=SPOKEN,
        )
        grader = grade_rpc.GradeServiceStub(channel)
        print(f"graded with {made.api_key.prefix}")
        show(call(grader.GradeAnswer, task, made.secret).evaluation)
        call(auth.RevokeApiKey, auth_pb.RevokeApiKeyRequest(api_key_id=made.api_key.id), token)


if __name__ == "__main__":
    main()
