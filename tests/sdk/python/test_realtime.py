"""Realtime sessions of the official Python SDK against the built gateway.

The provider behind it is the dummy, which says what its model's name tells it to. The addresses
and keys come in variables from the runner, see README.md.
"""

import asyncio
import json
import os
import unittest
import urllib.request

import openai
import websockets.exceptions

BASE_URL = os.environ["NENYA_BASE_URL"]
ACTIONS_URL = os.environ["NENYA_ACTIONS_URL"]
DUMMY_URL = os.environ["DUMMY_URL"]
MAIL = "ann.lee@" + "host-example.com"
GREETING = "Hello from the dummy."


def connect(model, key="USER", base_url=BASE_URL):
    user = openai.OpenAI(base_url=base_url, api_key=os.environ.get(f"KEY_{key}", key))
    return user.realtime.connect(model=model)


def message(text):
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def until_done(connection):
    events = []
    for event in connection:
        events.append(event)
        if event.type == "response.done":
            return events
    raise AssertionError("it ended before the response was done")


def ask(connection, text):
    connection.conversation.item.create(item=message(text))
    connection.response.create()
    return until_done(connection)


def joined(events, kind):
    return "".join(event.delta for event in events if event.type == kind)


def asked():
    with urllib.request.urlopen(f"{DUMMY_URL}/_asked") as reply:
        return json.load(reply)


class Conversations(unittest.TestCase):
    def test_a_text_comes_in_pieces_and_whole_and_is_counted(self):
        with connect("dummy/echo-text") as connection:
            self.assertEqual(connection.recv().type, "session.created")
            connection.session.update(session={"type": "realtime", "instructions": "be brief", "output_modalities": ["text"]})
            self.assertEqual(connection.recv().type, "session.updated")
            events = ask(connection, "one, two and three")
        self.assertEqual(joined(events, "response.output_text.delta"), "one, two and three")
        done = events[-1].response
        self.assertEqual(done.status, "completed")
        self.assertEqual(done.usage.total_tokens, 15)
        self.assertEqual(done.output[0].content[0].text, "one, two and three")

    def test_several_turns_are_one_session(self):
        with connect("dummy/echo-text+parts=1") as connection:
            for text in ("first", "second", "dritter, mit Ümläuten 🎈"):
                self.assertEqual(joined(ask(connection, text), "response.output_text.delta"), text)

    def test_a_function_is_called_and_its_result_told(self):
        tool = {"type": "function", "name": "look_up", "description": "looks up", "parameters": {"type": "object"}}
        with connect("dummy/echo-tool") as connection:
            connection.session.update(session={"type": "realtime", "tools": [tool]})
            events = ask(connection, "Oslo")
            call = events[-1].response.output[0]
            self.assertEqual((call.type, call.name, json.loads(call.arguments)), ("function_call", "look_up", {"text": "Oslo"}))
            self.assertEqual(joined(events, "response.function_call_arguments.delta"), call.arguments)
            output = {"type": "function_call_output", "call_id": call.call_id, "output": "12 degrees"}
            connection.conversation.item.create(item=output)
            connection.response.create()
            self.assertEqual(json.loads(until_done(connection)[-1].response.output[0].arguments), {"text": "12 degrees"})

    def test_sound_passes_with_its_transcript(self):
        with connect("dummy/audio") as connection:
            connection.input_audio_buffer.append(audio="QUJD" * 4000)
            connection.input_audio_buffer.commit()
            events = ask(connection, "said aloud")
        self.assertEqual(joined(events, "response.output_audio.delta"), "AAECAwQFBgc=")
        self.assertEqual(joined(events, "response.output_audio_transcript.delta"), "said aloud")
        self.assertEqual(joined(events, "conversation.item.input_audio_transcription.delta"), "hello there")

    def test_the_asynchronous_client_works_too(self):
        async def talk(text):
            user = openai.AsyncOpenAI(base_url=BASE_URL, api_key=os.environ["KEY_USER"])
            async with user.realtime.connect(model="dummy/echo-text") as connection:
                await connection.conversation.item.create(item=message(text))
                await connection.response.create()
                said = ""
                async for event in connection:
                    if event.type == "response.output_text.delta":
                        said += event.delta
                    if event.type == "response.done":
                        return said

        async def both():
            return await asyncio.gather(talk("one"), talk("two"))

        self.assertEqual(asyncio.run(both()), ["one", "two"])


class Refusals(unittest.TestCase):
    def refused(self, status, *args, **more):
        with self.assertRaises(websockets.exceptions.InvalidStatus) as raised:
            connect(*args, **more).enter()
        response = raised.exception.response
        self.assertEqual(response.status_code, status)
        return json.loads(response.body)["error"]["code"]

    def test_a_handshake_that_is_refused_says_why(self):
        self.assertEqual(self.refused(401, "dummy/ok", key="nobody"), "invalid_api_key")
        self.assertEqual(self.refused(403, "dummy/ok", key="READER"), "role_not_allowed")
        self.assertEqual(self.refused(403, "dummy/ok", key="SCOPED"), "agent_not_allowed")
        self.assertEqual(self.refused(404, "nothing/of-this-name"), "model_not_found")
        self.assertEqual(self.refused(502, "dummy/status-401"), "provider_refused")

    def test_an_agent_moves_on_when_its_first_model_refuses(self):
        with connect("failing-over") as connection:
            self.assertEqual(joined(ask(connection, "hello"), "response.output_text.delta"), GREETING)

    def test_an_error_is_an_event_and_the_session_goes_on(self):
        with connect("dummy/ok") as connection:
            connection.recv()
            connection.send({"type": "nonsense", "event_id": "mine"})
            error = connection.recv()
            self.assertEqual((error.type, error.error.code, error.error.event_id), ("error", "invalid_value", "mine"))
            self.assertEqual(joined(ask(connection, "hello"), "response.output_text.delta"), GREETING)

    def test_keys_for_sessions_are_not_given_out(self):
        user = openai.OpenAI(base_url=BASE_URL, api_key=os.environ["KEY_USER"], max_retries=0)
        with self.assertRaises(openai.PermissionDeniedError) as raised:
            user.realtime.client_secrets.create(session={"type": "realtime"})
        self.assertEqual(raised.exception.code, "realtime_by_websocket_only")

    def test_a_close_of_the_provider_is_the_client_s(self):
        with connect("dummy/close-4000") as connection:
            connection.recv()
            connection.response.create()
            with self.assertRaises(websockets.exceptions.ConnectionClosed) as raised:
                while True:
                    connection.recv()
        self.assertEqual((raised.exception.rcvd.code, raised.exception.rcvd.reason), (4000, "said the dummy"))


class Redaction(unittest.TestCase):
    def test_stand_ins_go_out_and_values_come_back(self):
        with connect("speaking", base_url=ACTIONS_URL) as connection:
            events = ask(connection, f"mail {MAIL} please")
        self.assertEqual(joined(events, "response.output_text.delta"), f"mail {MAIL} please")
        self.assertEqual(events[-1].response.output[0].content[0].text, f"mail {MAIL} please")
        sent = json.dumps(asked())
        self.assertIn("NENYA_EMAIL_", sent)
        self.assertNotIn(MAIL, sent)


if __name__ == "__main__":
    unittest.main()
