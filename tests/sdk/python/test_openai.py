"""The official Python SDK against the built gateway.

Each test is one thing that a user of the SDK does. The addresses and keys come in variables
from the runner, see README.md.
"""

import asyncio
import json
import os
import time
import unittest
import urllib.request

import openai

BASE_URL = os.environ["NENYA_BASE_URL"]
DUMMY_URL = os.environ["DUMMY_URL"]
HELLO = [{"role": "user", "content": "hello"}]
GREETING = "Hello from the dummy."


def client(key="USER", **settings):
    settings.setdefault("max_retries", 0)
    return openai.OpenAI(base_url=BASE_URL, api_key=os.environ.get(f"KEY_{key}", key), timeout=20, **settings)


def ask(model, key="USER", **more):
    return client(key).chat.completions.create(model=model, messages=HELLO, **more)


def seen():
    with urllib.request.urlopen(f"{DUMMY_URL}/_seen") as reply:
        return json.load(reply)


def until_seen(counter, value):
    end = time.monotonic() + 10
    while seen()[counter] != value:
        assert time.monotonic() < end, f"{counter} never became {value}: {seen()}"
        time.sleep(0.01)


class Answers(unittest.TestCase):
    def test_a_whole_answer_has_text_and_usage(self):
        answer = ask("dummy/ok")
        self.assertEqual(answer.choices[0].message.content, GREETING)
        self.assertEqual(answer.choices[0].finish_reason, "stop")
        self.assertEqual(answer.usage.total_tokens, 14)

    def test_a_streamed_answer_comes_in_pieces(self):
        pieces = [chunk.choices[0].delta.content or "" for chunk in ask("dummy/chunks-25", stream=True)]
        self.assertEqual("".join(pieces), "word " * 25)
        self.assertGreaterEqual(len(pieces), 25)

    def test_usage_of_a_stream_comes_if_it_was_asked_for(self):
        stream = ask("dummy/tokens-42", stream=True, stream_options={"include_usage": True})
        self.assertEqual(list(stream)[-1].usage.completion_tokens, 42)

    def test_the_first_piece_does_not_wait_for_the_last(self):
        began = time.monotonic()
        with ask("dummy/delay-300-chunks-10", stream=True) as stream:
            next(iter(stream))
        self.assertLess(time.monotonic() - began, 2.5)

    def test_the_asynchronous_client_works_too(self):
        async def both():
            user = openai.AsyncOpenAI(base_url=BASE_URL, api_key=os.environ["KEY_USER"], max_retries=0)
            whole, stream = await asyncio.gather(
                user.chat.completions.create(model="dummy/ok", messages=HELLO),
                user.chat.completions.create(model="dummy/chunks-5", messages=HELLO, stream=True),
            )
            pieces = [chunk.choices[0].delta.content or "" async for chunk in stream]
            return whole.choices[0].message.content, "".join(pieces)

        self.assertEqual(asyncio.run(both()), (GREETING, "word " * 5))

    def test_an_agent_moves_on_when_its_first_model_fails(self):
        self.assertEqual(ask("failing-over").choices[0].message.content, GREETING)
        pieces = [chunk.choices[0].delta.content or "" for chunk in ask("failing-over", stream=True)]
        self.assertEqual("".join(pieces), GREETING)

    def test_the_request_id_is_shown(self):
        answer = client().chat.completions.with_raw_response.create(model="dummy/ok", messages=HELLO)
        self.assertTrue(answer.request_id)

    def test_models_are_listed_as_the_key_may_use_them(self):
        everything = [model.id for model in client("USER").models.list()]
        self.assertIn("build", everything)
        self.assertIn("failing-over", everything)
        self.assertEqual([model.id for model in client("SCOPED").models.list()], ["build"])


class Errors(unittest.TestCase):
    def raises(self, kind, status, code, call):
        with self.assertRaises(kind) as caught:
            call()
        error = caught.exception
        self.assertEqual((error.status_code, error.code), (status, code), error)
        self.assertTrue(error.request_id)
        return error

    def test_an_unknown_key(self):
        self.raises(openai.AuthenticationError, 401, "invalid_api_key", lambda: ask("dummy/ok", key="nk-unknown-0123456789abcdef"))

    def test_a_key_that_may_not(self):
        self.raises(openai.PermissionDeniedError, 403, "role_not_allowed", lambda: ask("dummy/ok", key="READER"))
        self.raises(openai.PermissionDeniedError, 403, "agent_not_allowed", lambda: ask("dummy/ok", key="SCOPED"))

    def test_an_unknown_model(self):
        self.raises(openai.NotFoundError, 404, "model_not_found", lambda: ask("nobody-knows-it"))

    def test_a_bad_request(self):
        self.raises(openai.BadRequestError, 400, "invalid_field", lambda: ask("dummy/ok", extra_body={"stream": "yes"}))

    def test_a_limit_says_when_to_come_back(self):
        ask("dummy/ok", key="LIMITED")
        error = self.raises(openai.RateLimitError, 429, "request_limit", lambda: ask("dummy/ok", key="LIMITED"))
        self.assertGreater(int(error.response.headers["retry-after"]), 0)
        self.assertEqual(error.response.headers["x-ratelimit-limit-requests"], "1")

    def test_a_failing_provider(self):
        self.raises(openai.InternalServerError, 502, "provider_error", lambda: ask("dummy/status-500"))

    def test_a_failing_provider_is_tried_again_by_the_sdk(self):
        again = client(max_retries=2)
        answer = again.chat.completions.create(model="dummy/fail-1", messages=HELLO)
        self.assertEqual(answer.choices[0].message.content, GREETING)

    def test_a_stream_that_is_cut_raises(self):
        with self.assertRaises(openai.APIError) as caught:
            for _ in ask("dummy/cut-after-3", stream=True):
                pass
        self.assertIn("incomplete", str(caught.exception))


class Cancelling(unittest.TestCase):
    def test_a_closed_stream_ends_the_call_to_the_provider(self):
        before = seen()["closed_early"]
        stream = ask("dummy/delay-50-chunks-100000", stream=True)
        next(iter(stream))
        stream.close()
        until_seen("closed_early", before + 1)

    def test_a_time_out_of_the_client_ends_the_call_to_the_provider(self):
        before = seen()["closed_early"]
        with self.assertRaises(openai.APITimeoutError):
            client().with_options(timeout=0.3).chat.completions.create(model="dummy/stall", messages=HELLO)
        until_seen("closed_early", before + 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
